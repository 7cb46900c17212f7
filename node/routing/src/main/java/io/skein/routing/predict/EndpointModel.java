package io.skein.routing.predict;

import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.LatencyByClass.Basis;
import io.skein.routing.candidate.LatencyByClass.Line;
import org.jspecify.annotations.Nullable;

/// What was learned of one endpoint: the filter, and what its requests of each class took. One
/// thread.
final class EndpointModel {
  /// Answers of a class before it is predicted.
  static final int ENOUGH = 20;

  /// Where the noise of a class begins: a factor of 1.37 up or down.
  private static final double FIRST_NOISE = 0.1;

  private static final double LEAST_NOISE = 1e-4;

  /// Spreads beyond which an answer counts as this far off: one that hung says little about the
  /// next.
  private static final double MOST_SPREADS = 4;

  private static final double MOST_VARIANCE = 2;

  /// Answers over which averages and errors run, once there are so many.
  private static final double RECENT = 64;

  private static final double ERRORS_RECENT = 256;
  private static final double TOLD_RECENT = 16;

  /// Answers of a class that are learned in full each turn, and of the others every how many: a
  /// thousand say hardly more than a hundred.
  private static final int FIRST_OF_TURN = 8;

  private static final int STRIDE = 8;

  private static final int BIAS = 0;
  private static final int IN_FLIGHT = 1;
  private static final int FIRST_SLOT = 2;
  private static final int SLOTS = LatencyFilter.MOST_FEATURES - FIRST_SLOT;

  private final String id;
  private final EndpointLoad load;
  private final int number;
  private final @Nullable Pair[] pairs;
  private final double[] values = {1, 0, 1, 1, 1};
  private @Nullable LatencyFilter filter;
  private long count;
  private double average;
  private double usualLog;

  /// The features of a class: one, in-flight, three different slots.
  static int[] row(long hash) {
    int first = (int) Long.remainderUnsigned(hash, SLOTS);
    long more = Fingerprint.mix(hash);
    int second = (first + 1 + (int) Long.remainderUnsigned(more, SLOTS - 1)) % SLOTS;
    int third = (int) Long.remainderUnsigned(Fingerprint.mix(more), SLOTS);
    while (third == first || third == second) {
      third = (third + 1) % SLOTS;
    }
    return new int[] {BIAS, IN_FLIGHT, FIRST_SLOT + first, FIRST_SLOT + second, FIRST_SLOT + third};
  }

  private static Basis best(Pair pair) {
    return best(pair.modelError, pair.classError, pair.endpointError);
  }

  /// Whatever erred least; the finer of two that erred the same.
  static Basis best(double modelError, double classError, double endpointError) {
    if (endpointError < modelError && endpointError < classError) {
      return Basis.ENDPOINT;
    }
    return classError < modelError ? Basis.CLASS : Basis.MODEL;
  }

  /// One class at this endpoint.
  private static final class Pair {
    final int[] at;
    final int[] level;
    long count;
    long seenAt;
    int thisTurn;
    double average;
    double noise = FIRST_NOISE;
    double modelError;
    double classError;
    double endpointError;
    double measured;
    double cpu;
    double memory;
    long told;
    final Rate rate = new Rate();

    Pair(long hash) {
      at = row(hash);
      level = new int[] {at[0], at[2], at[3], at[4]};
    }

    double error(Basis basis) {
      if (measured <= 0) {
        return 1;
      }
      return switch (basis) {
            case NOTHING, ENDPOINT -> endpointError;
            case CLASS -> classError;
            case MODEL -> modelError;
          }
          / measured;
    }
  }

  /// @param number what its samples are marked with
  /// @param classes how many classes there are, with that of all others
  EndpointModel(String id, EndpointLoad load, int number, int classes) {
    this.id = id;
    this.load = load;
    this.number = number;
    this.pairs = new @Nullable Pair[classes];
  }

  String id() {
    return id;
  }

  EndpointLoad load() {
    return load;
  }

  int number() {
    return number;
  }

  /// Counts one answer, and learns it: predicted first, judged, then learned. Of a class that comes
  /// more often than [#FIRST_OF_TURN] times a turn some only are learned.
  ///
  /// @param known number of its class
  /// @param hash of its class
  /// @param turn how many of the class there were so far, everywhere
  void learn(int known, long hash, long latencyNanos, int inFlight, long turn) {
    double took = Math.max(1, latencyNanos);
    Pair pair = pairs[known];
    if (pair == null) {
      pair = new Pair(hash);
      pairs[known] = pair;
    }
    count++;
    if (pair.thisTurn < FIRST_OF_TURN || pair.thisTurn % STRIDE == 0) {
      learn(pair, took, inFlight);
    }
    pair.thisTurn++;
    pair.seenAt = turn;
    pair.rate.count(1);
    average += part(count, RECENT) * (took - average);
  }

  private void learn(Pair pair, double took, int inFlight) {
    double log = Math.log(took);
    LatencyFilter model = filter;
    if (model == null) {
      model = new LatencyFilter(LatencyFilter.MOST_FEATURES, LatencyFilter.WALK);
      model.start(BIAS, log);
      filter = model;
    }
    values[1] = Math.log1p(inFlight);
    double mean = model.mean(pair.at, values);
    double doubt = Math.max(0, model.variance(pair.at, values));
    double spread = doubt + pair.noise;
    if (pair.count > 0) {
      double part = part(pair.count, ERRORS_RECENT);
      double modelled = Math.exp(mean + Math.min(MOST_VARIANCE, spread) / 2);
      pair.modelError += part * (Math.abs(modelled - took) - pair.modelError);
      pair.classError += part * (Math.abs(pair.average - took) - pair.classError);
      pair.endpointError += part * (Math.abs(average - took) - pair.endpointError);
      pair.measured += part * (took - pair.measured);
    }
    double most = MOST_SPREADS * Math.sqrt(spread);
    double innovation = Math.max(-most, Math.min(most, log - mean));
    model.learn(pair.at, values, innovation, pair.noise);
    pair.count++;
    double seen = Math.max(LEAST_NOISE, innovation * innovation - doubt);
    pair.noise += part(pair.count + 4, ERRORS_RECENT) * (seen - pair.noise);
    pair.average += part(pair.count, RECENT) * (took - pair.average);
    usualLog += part(count, RECENT) * (values[1] - usualLog);
  }

  /// The endpoint said how busy it is, with an answer of that class.
  void told(int known, float cpu, float memory) {
    Pair pair = pairs[known];
    if (pair != null) {
      pair.told++;
      pair.cpu += part(pair.told, TOLD_RECENT) * (cpu - pair.cpu);
      pair.memory += part(pair.told, TOLD_RECENT) * (memory - pair.memory);
    }
  }

  private static double part(long count, double most) {
    return 1 / Math.min(count, most);
  }

  /// The number stands for another class now.
  void forget(int known) {
    pairs[known] = null;
  }

  /// What the class takes here with the usual number in flight, in nanoseconds; 0 if that is not
  /// known.
  double usual(int known) {
    Pair pair = pairs[known];
    LatencyFilter model = filter;
    if (pair == null || model == null || pair.count < ENOUGH) {
      return 0;
    }
    return switch (best(pair)) {
      case NOTHING, ENDPOINT -> average;
      case CLASS -> pair.average;
      case MODEL -> {
        double mean = model.weight(IN_FLIGHT) * usualLog;
        for (int feature : pair.level) {
          mean += model.weight(feature);
        }
        yield Math.exp(mean + Math.min(MOST_VARIANCE, pair.noise) / 2);
      }
    };
  }

  void tick(double seconds) {
    for (Pair pair : pairs) {
      if (pair != null) {
        pair.rate.tick(seconds);
        pair.thisTurn = 0;
      }
    }
  }

  /// Lets policies read what was learned.
  ///
  /// @param factors what each class takes here as a multiple of what the service's mix does, or,
  ///   where it is not known here, elsewhere; 1 if nobody knows
  /// @param turns how many of each class there were
  /// @param patience after how many requests elsewhere a prediction counts 1/e
  void publish(double[] factors, long[] turns, double patience) {
    LatencyFilter model = filter;
    if (model == null) {
      return;
    }
    Line[] lines = new Line[pairs.length];
    for (int known = 0; known < lines.length; known++) {
      lines[known] = line(model, known, factors[known], turns[known], patience);
    }
    int[] slope = {IN_FLIGHT};
    load.byClass(
        new LatencyByClass(number, model.weight(IN_FLIGHT), model.covariance(slope, slope), lines));
  }

  private Line line(LatencyFilter model, int known, double factor, long turn, double patience) {
    Pair pair = pairs[known];
    if (pair == null || pair.count < ENOUGH) {
      return count < ENOUGH
          ? Line.UNKNOWN
          : new Line(Basis.ENDPOINT, average * factor, 0, 0, 0, 0, 1, factor, 1);
    }
    double level = 0;
    for (int feature : pair.level) {
      level += model.weight(feature);
    }
    Basis best = best(pair);
    return new Line(
        best,
        best == Basis.ENDPOINT ? average : pair.average,
        level,
        pair.noise,
        model.covariance(pair.level, pair.level),
        model.covariance(pair.level, new int[] {IN_FLIGHT}),
        pair.error(best),
        factor,
        Math.max(Float.MIN_NORMAL, Math.exp((pair.seenAt - turn) / patience)));
  }

  /// What was measured of a class here.
  ///
  /// @return null if it never came here
  @Nullable ClassAtEndpoint view(int known) {
    Pair pair = pairs[known];
    if (pair == null) {
      return null;
    }
    LatencyByClass learned = load.byClass();
    double predicted = learned == null ? 0 : learned.nanos(known, load.inFlight());
    Basis basis = learned == null ? Basis.NOTHING : learned.basis(known);
    return new ClassAtEndpoint(
        id,
        pair.rate.perSecond(),
        pair.average,
        predicted,
        basis,
        learned == null || basis == Basis.NOTHING ? 1 : learned.error(known),
        pair.count,
        pair.told > 0,
        pair.cpu,
        pair.memory);
  }
}
