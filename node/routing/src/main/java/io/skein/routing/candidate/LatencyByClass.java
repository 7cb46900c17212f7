package io.skein.routing.candidate;

/// How long requests of each class take at one endpoint, as learned until a moment: immutable, any
/// thread. A prediction costs two reads of each table, a logarithm and an exponential, and
/// allocates nothing.
///
/// What is said of a class rests on one of three bases, whichever has erred least on the answers
/// that came after it was formed ([io.skein.routing.predict]): a model of class and requests in
/// flight, the class's average there, the endpoint's average.
public final class LatencyByClass {
  /// An endpoint of which nothing was learned yet.
  ///
  /// @param endpoint what samples of it are marked with
  public static LatencyByClass unknown(int endpoint) {
    return new LatencyByClass(endpoint, 0, 0, new Line[] {Line.UNKNOWN});
  }

  // Beyond it a spread of the logarithm says only that nothing is known.
  private static final double MOST_VARIANCE = 2;

  private static final double MOST_FACTOR = 8;

  private static final int LOGS = 256;
  private static final double[] LOG = new double[LOGS];

  static {
    for (int i = 0; i < LOGS; i++) {
      LOG[i] = Math.log1p(i);
    }
  }

  private final int endpoint;
  private final double slope;
  private final double slopeVariance;
  private final Line[] lines;
  private final double mostFactor;

  /// What a prediction rests on.
  public enum Basis {
    /// Too few answers.
    NOTHING,
    /// The endpoint's average, scaled by what the class costs elsewhere.
    ENDPOINT,
    /// The average of the class there.
    CLASS,
    /// The model of class and requests in flight.
    MODEL
  }

  /// One class.
  ///
  /// @param basis what the prediction rests on
  /// @param averageNanos what is predicted on any basis but the model
  /// @param level mean of the logarithm of nanoseconds with nothing in flight
  /// @param noise variance of that logarithm from answer to answer
  /// @param levelVariance how uncertain `level` is
  /// @param covariance of level and slope
  /// @param error the weighted absolute percentage error of the predictions so far: sum of the
  ///   absolute errors over sum of the latencies, 0.2 being 20 %
  /// @param factor what the class takes there, as a multiple of what the service's usual mix of
  ///   requests takes there
  /// @param keep what of the prediction counts, in (0, 1]: less the longer the class was seen
  ///   everywhere but there
  public record Line(
      Basis basis,
      double averageNanos,
      double level,
      double noise,
      double levelVariance,
      double covariance,
      double error,
      double factor,
      double keep) {
    /// Nothing is known.
    public static final Line UNKNOWN = new Line(Basis.NOTHING, 0, 0, 0, 0, 0, 1, 1, 1);
  }

  /// @param endpoint what samples of it are marked with
  /// @param slope by what the logarithm of the latency grows with that of in-flight + 1
  /// @param slopeVariance how uncertain that is
  /// @param lines each class by its number, at least that of [RequestClass#OTHER]; taken over
  public LatencyByClass(int endpoint, double slope, double slopeVariance, Line[] lines) {
    this.endpoint = endpoint;
    this.slope = slope;
    this.slopeVariance = slopeVariance;
    this.lines = lines;
    double most = 1;
    for (Line line : lines) {
      if (line.basis != Basis.NOTHING) {
        most = Math.max(most, line.factor);
      }
    }
    this.mostFactor = Math.min(MOST_FACTOR, most);
  }

  /// The greatest [#factor] of a class that comes there, from 1 to 8: how much longer than usual an
  /// answer may take that is not late.
  double mostFactor() {
    return mostFactor;
  }

  /// What samples of the endpoint are marked with.
  public int endpoint() {
    return endpoint;
  }

  /// What the next answer is expected to take, in nanoseconds; 0 if too little is known.
  ///
  /// @param number of the class
  /// @param inFlight requests in flight there
  public double nanos(int number, int inFlight) {
    Line line = line(number);
    return switch (line.basis) {
      case NOTHING -> 0;
      case ENDPOINT, CLASS -> line.averageNanos;
      case MODEL -> modelled(line, inFlight);
    };
  }

  /// The mean of a log-normal variable: exp(m + s²/2).
  private double modelled(Line line, int inFlight) {
    double log = inFlight < LOGS ? LOG[Math.max(0, inFlight)] : Math.log1p(inFlight);
    double mean = line.level + slope * log;
    double variance =
        line.noise + line.levelVariance + (2 * line.covariance + slopeVariance * log) * log;
    return Math.exp(mean + Math.min(MOST_VARIANCE, Math.max(0, variance)) / 2);
  }

  /// What a request of the class takes there, as a multiple of what the service's usual mix of
  /// requests takes there: 2^-6 to 2^6, 1 if that is not known. What was measured there, divided by
  /// this, is comparable between requests of different classes.
  public double factor(int number) {
    return line(number).factor;
  }

  /// The same for choosing: it shrinks while the class is sent everywhere but there, so that it is
  /// tried there again in the end.
  public double factorToChooseBy(int number) {
    Line line = line(number);
    return line.factor * line.keep;
  }

  /// What the prediction rests on.
  public Basis basis(int number) {
    return line(number).basis;
  }

  /// How far predictions were off so far, 0.2 being 20 %; 1 where nothing is known.
  public double error(int number) {
    return line(number).error;
  }

  private Line line(int number) {
    return number >= 0 && number < lines.length ? lines[number] : Line.UNKNOWN;
  }
}
