package io.skein.routing.candidate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Live load of one endpoint (or one peer) as this node sees it. Outlives the snapshots that refer
/// to it. Any thread; no locks, no allocation. Every `dispatched` must be followed by exactly one
/// `completed` or `abandoned`.
///
/// Latency is a [PeakAverage]. A failure counts as a latency of [#FAILURE_NANOS], so that failing
/// fast never looks fast.
public final class EndpointLoad {
  /// Time constant of the average: 10 s.
  public static final long DECAY_NANOS = 10_000_000_000L;

  /// Latency that a failure counts as: 5 s.
  public static final long FAILURE_NANOS = 5_000_000_000L;

  /// How long the word of an endpoint about its load counts: 30 s.
  public static final long REPORT_NANOS = 30_000_000_000L;

  /// How long counts what an endpoint is foreseen to carry: 5 s.
  public static final long FORESEEN_NANOS = 5_000_000_000L;

  /// How long counts what other nodes have in flight there: 1 s.
  public static final long HEARD_NANOS = 1_000_000_000L;

  /// How long counts at least that an endpoint was silent: 0.1 s. It counts as long again as it has
  /// lasted, so that one that stands still for 2 s is asked again some five times. Longer: a single
  /// slow request that was tried elsewhere leaves an endpoint idle for that long.
  public static final long SILENCE_NANOS = 100_000_000L;

  /// How long counts that no connection was to be had: 1 s. Until then membership has noticed if a
  /// peer is gone.
  public static final long UNREACHED_NANOS = 1_000_000_000L;

  /// How many patiences those who wait have waited together where something stands still.
  static final long STILL_PATIENCES = 4;

  private static final VarHandle IN_FLIGHT;
  private static final VarHandle FAILURES_IN_ROW;
  private static final VarHandle BY_LOAD;
  private static final VarHandle TRAIL;
  private static final VarHandle ANSWERED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      IN_FLIGHT = lookup.findVarHandle(EndpointLoad.class, "inFlight", int.class);
      FAILURES_IN_ROW = lookup.findVarHandle(EndpointLoad.class, "failuresInRow", int.class);
      BY_LOAD = lookup.findVarHandle(EndpointLoad.class, "byLoad", LatencyByLoad.class);
      TRAIL = lookup.findVarHandle(EndpointLoad.class, "trail", Trail.class);
      ANSWERED = lookup.findVarHandle(EndpointLoad.class, "answered", AnsweredTime.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // written through IN_FLIGHT
  private volatile int inFlight;

  private final Awaited awaited = new Awaited();
  private final PeakAverage average = new PeakAverage();
  private final Others others = new Others();

  private volatile int failuresInRow;
  private volatile @Nullable Told told;
  private volatile @Nullable Foreseen foreseen;
  private volatile @Nullable Silence silence;
  // When no connection was to be had; 0 if there was one since.
  private volatile long unreachedNanos;
  // When the last good answer came; 0 before the first.
  private volatile long answeredNanos;
  // What began or was said before says nothing: it was another life of the endpoint.
  private volatile boolean forgot;
  private volatile long forgottenNanos;
  // When the latest of the requests began that had a good answer. Racing callers may lose one.
  private volatile long latestBegunNanos;

  // Only for policies that ask: null costs one read an answer.
  private volatile @Nullable LatencyByLoad byLoad;

  private volatile @Nullable Trail trail;

  private volatile @Nullable LatencyByClass byClass;
  private volatile @Nullable AnsweredTime answered;

  /// What the endpoint said of itself, and when.
  private record Told(LoadReport report, long nanos) {}

  /// How busy it will be in a few seconds, and when that was said.
  private record Foreseen(double utilisation, long nanos) {}

  /// A request was sent whose answer nobody times: a connection, a stream of either side.
  public void dispatched() {
    IN_FLIGHT.getAndAdd(this, 1);
  }

  /// A request was sent, and its answer is awaited. What ends it must be given the same moment:
  /// [#completed] by a latency that counts from it.
  public void dispatched(long nowNanos) {
    IN_FLIGHT.getAndAdd(this, 1);
    awaited.began(nowNanos);
  }

  /// A request ended, with an answer or without.
  ///
  /// @param latencyNanos time from dispatch to the last byte
  /// @param failed whether it ended in a failure of the endpoint's side (5xx, reset, timeout)
  /// @param nowNanos monotonic now
  public void completed(long latencyNanos, boolean failed, long nowNanos) {
    completed(latencyNanos, 1, failed, nowNanos);
  }

  /// The same for a request of a class that is known to take `factor` times as long there as
  /// requests do ([LatencyByClass#factor]): a good answer counts as that much quicker, so that the
  /// average tells of the endpoint rather than of what happened to be asked.
  public void completed(long latencyNanos, double factor, boolean failed, long nowNanos) {
    int before = (int) IN_FLIGHT.getAndAdd(this, -1);
    awaited.ended(nowNanos - latencyNanos);
    if (isForgotten(nowNanos - latencyNanos)) {
      return;
    }
    if (failed) {
      FAILURES_IN_ROW.getAndAdd(this, 1);
    } else {
      if (failuresInRow != 0) {
        failuresInRow = 0;
      }
      answeredNanos = nowNanos;
      if (latestBegunNanos == 0 || nowNanos - latencyNanos - latestBegunNanos > 0) {
        latestBegunNanos = nowNanos - latencyNanos;
      }
      if (silence != null) {
        silence = null;
      }
      if (unreachedNanos != 0) {
        unreachedNanos = 0;
      }
    }
    long counted =
        failed
            ? Math.max(FAILURE_NANOS, latencyNanos)
            : Math.max(1, (long) (latencyNanos / factor));
    average.add(counted, nowNanos);
    LatencyByLoad measured = byLoad;
    if (measured != null) {
      measured.add(before - 1 + others.inFlight(nowNanos), counted, nowNanos);
    }
    AnsweredTime summed = answered;
    if (summed != null && !failed) {
      summed.add(counted);
    }
    Trail walked = trail;
    if (walked != null) {
      walked.answered(counted, failed, nowNanos);
    }
  }

  /// A request ended for a reason that says nothing about the endpoint (the client left).
  public void abandoned() {
    IN_FLIGHT.getAndAdd(this, -1);
  }

  /// The same for a request that began at `sentNanos`.
  public void abandoned(long sentNanos) {
    IN_FLIGHT.getAndAdd(this, -1);
    awaited.ended(sentNanos);
  }

  /// The same for one of whose answer nothing came. Had it waited for longer than answers lately
  /// took, and for [#SILENCE_NANOS], that counts as [#unanswered] does, but is no latency: a client
  /// that leaves early says nothing.
  public void abandoned(long sentNanos, long nowNanos) {
    abandoned(sentNanos);
    if (nowNanos - sentNanos > Math.max(SILENCE_NANOS, averageNanos(nowNanos))
        && !isForgotten(sentNanos)) {
      silentSince(sentNanos, nowNanos);
    }
  }

  /// The head of the answer to a request that began at `sentNanos` is there: how long the rest
  /// takes says nothing of how long others will wait.
  public void answering(long sentNanos) {
    awaited.ended(sentNanos);
  }

  /// How long the oldest request waits whose answer has not begun: the next answer's latency is
  /// likely no less. Of more than [Awaited#KEPT] requests it is the oldest of those that happen to
  /// be watched. 0 if none waits.
  public long waitedNanos(long nowNanos) {
    return awaited.oldestNanos(nowNanos);
  }

  /// For how long it has stood still: since the oldest request began that waits of those that came
  /// after the latest one to be answered, or for how long it has been silent, if that is more. Slow
  /// requests among quick ones are no standstill, whoever came last is answered. 0 if it does not
  /// stand still, or nothing was ever answered.
  public long standstillNanos(long nowNanos) {
    long latest = latestBegunNanos;
    return latest == 0 ? 0 : Math.max(awaited.oldestNanos(latest, nowNanos), silentNanos(nowNanos));
  }

  /// Whether those who wait there are better served elsewhere: it has been silent for longer than
  /// that; or of those that came after the latest one to be answered, the oldest waits for longer,
  /// and they together for [#STILL_PATIENCES] times as long, since one alone may itself be slow. If
  /// patience is three mean latencies or more, one in twelve requests waits so long alone at most
  /// (Markov's inequality). Never before anything was answered.
  public boolean standsStill(long patienceNanos, long nowNanos) {
    long latest = latestBegunNanos;
    return latest != 0
        && (silentNanos(nowNanos) > patienceNanos
            || (awaited.oldestNanos(latest, nowNanos) > patienceNanos
                && awaited.sumNanos(latest, nowNanos) > STILL_PATIENCES * patienceNanos));
  }

  /// What the next answer is expected to take: the geometric mean of what is usual and of the
  /// peaks; or how long the oldest request has waited already or the endpoint has been silent, if
  /// that is above the peaks: it rises while a stalled endpoint has answered nothing yet. 0 if
  /// nothing is known.
  ///
  /// Usual is the average over answers, where latency is measured by load, or the mean age of the
  /// requests that are watched, if that is more: where many wait and only the small ones are
  /// answered, answers alone say that it is quick.
  public double expectedNanos(long nowNanos) {
    double peak = averageNanos(nowNanos);
    double waited = delayNanos(nowNanos);
    if (waited > peak) {
      return waited;
    }
    LatencyByLoad measured = byLoad;
    double mean = measured == null ? 0 : measured.meanNanos(nowNanos);
    return mean == 0
        ? peak
        : Math.sqrt(Math.max(mean, awaited.meanNanos(nowNanos) / mostFactor()) * peak);
  }

  /// How long the oldest request has waited or the endpoint has been silent, if no answer lately
  /// took as long, neither here nor to others who spoke of it: worth telling them before it is
  /// answered. 0 if nothing is late, or nothing was ever answered.
  public double lateNanos(long nowNanos) {
    double peak = averageNanos(nowNanos);
    double waited = peak == 0 ? 0 : delayNanos(nowNanos);
    return waited > Math.max(peak, others.peakNanos(nowNanos)) ? waited : 0;
  }

  private double delayNanos(long nowNanos) {
    return Math.max(waitedNanos(nowNanos) / mostFactor(), silentNanos(nowNanos));
  }

  // What is waited for may be something slow.
  private double mostFactor() {
    LatencyByClass learned = byClass;
    return learned == null ? 1 : learned.mostFactor();
  }

  /// A request had no answer after `sinceNanos`, and another endpoint is asked or has answered
  /// instead: its latency would be at least that, which counts where it is more than the average.
  /// And unless it has answered another since that request began, the endpoint is silent from then
  /// on, or since an earlier one of which the same was told, until it answers one: whose turn has
  /// not come yet waits behind others, and is no silence. The request itself still ends by
  /// [#completed] or [#abandoned].
  public void unanswered(long sinceNanos, long nowNanos) {
    long begun = nowNanos - sinceNanos;
    if (isForgotten(begun)) {
      return;
    }
    silentSince(begun, nowNanos);
    if (sinceNanos > averageNanos(nowNanos)) {
      average.add(sinceNanos, nowNanos);
      LatencyByLoad measured = byLoad;
      if (measured != null) {
        measured.add(inFlight - 1 + others.inFlight(nowNanos), sinceNanos, nowNanos);
      }
    }
  }

  /// A request found nobody there who takes connections. It still ends by [#completed].
  public void unreached(long nowNanos) {
    unreachedNanos = nowNanos | 1;
  }

  /// Whether a connection was refused or not made within [#UNREACHED_NANOS], and nothing was
  /// answered since.
  public boolean isUnreached(long nowNanos) {
    long at = unreachedNanos;
    return at != 0 && nowNanos - at < UNREACHED_NANOS;
  }

  /// Whether it has answered anybody since then.
  public boolean hasAnswered(long sinceNanos) {
    long answer = answeredNanos;
    return answer != 0 && answer - sinceNanos >= 0;
  }

  private void silentSince(long begunNanos, long nowNanos) {
    if (!hasAnswered(begunNanos)) {
      Silence last = silence;
      silence =
          last == null ? new Silence(begunNanos, nowNanos) : last.toldAgain(begunNanos, nowNanos);
    }
  }

  private long silentNanos(long nowNanos) {
    Silence now = silence;
    return now == null ? 0 : now.nanos(nowNanos);
  }

  /// Other nodes said what they have in flight there. Replaces what they said before; counts for
  /// [#HEARD_NANOS].
  ///
  /// @param inFlight of all of them together
  /// @param nodes how many they are
  /// @param latencyNanos what they expect there: [#expectedNanos]; 0 if they did not say
  /// @param nowNanos when that was so
  public void heard(int inFlight, int nodes, double latencyNanos, long nowNanos) {
    heard(inFlight, nodes, latencyNanos, 0, 0, 0, nowNanos);
  }

  /// The same, of others that await an answer.
  ///
  /// @param peakNanos how slow an answer may be to them and not late; 0 if they did not say
  /// @param lateNanos for how long, where that is late ([#lateNanos]); 0 if it is not
  /// @param seenNanos how long before `nowNanos` the last of them saw an answer
  public void heard(
      int inFlight,
      int nodes,
      double latencyNanos,
      double peakNanos,
      long lateNanos,
      long seenNanos,
      long nowNanos) {
    if (!isForgotten(nowNanos)) {
      others.say(inFlight, nodes, latencyNanos, peakNanos, lateNanos, seenNanos, nowNanos);
    }
  }

  /// For how long others await an answer there that is late, by this node's own peaks too; 0 if
  /// nobody said so within [#HEARD_NANOS], or if this node has a good answer to a request that
  /// began since: it is not the endpoint, then, that is silent.
  public double heardLateNanos(long nowNanos) {
    long lasts = others.lateNanos(nowNanos);
    long begun = latestBegunNanos;
    boolean refuted = begun != 0 && begun - (nowNanos - lasts) > 0;
    return refuted || lasts <= averageNanos(nowNanos) ? 0 : lasts;
  }

  /// Requests in flight there: this node's, and what it has heard of others'.
  public int rif(long nowNanos) {
    return inFlight + others.inFlight(nowNanos);
  }

  /// How many nodes send there: this one, and those it has heard of.
  public int nodes(long nowNanos) {
    return 1 + others.nodes(nowNanos);
  }

  /// What other nodes say of it.
  public Others others() {
    return others;
  }

  /// Latencies by requests in flight, measured from the first call on.
  public LatencyByLoad byLoad() {
    LatencyByLoad own = byLoad;
    if (own != null) {
      return own;
    }
    BY_LOAD.compareAndSet(this, null, new LatencyByLoad());
    return byLoad();
  }

  /// Answers and their time, summed from the first call on.
  public AnsweredTime answered() {
    AnsweredTime own = answered;
    if (own != null) {
      return own;
    }
    ANSWERED.compareAndSet(this, null, new AnsweredTime());
    return answered();
  }

  /// Whether somebody wants latencies by requests in flight.
  public boolean measuresByLoad() {
    return byLoad != null;
  }

  /// The pheromone on the way there, laid from the first call on.
  public Trail trail() {
    Trail own = trail;
    if (own != null) {
      return own;
    }
    TRAIL.compareAndSet(this, null, new Trail());
    return trail();
  }

  /// Whether somebody wants pheromone.
  public boolean laysTrail() {
    return trail != null;
  }

  /// What is known of the latency there by class of request; null unless that is learned.
  public @Nullable LatencyByClass byClass() {
    return byClass;
  }

  /// What is known of the latency there by class of request from now on; null: it is not learned
  /// any more.
  public void byClass(@Nullable LatencyByClass learned) {
    byClass = learned;
  }

  /// The endpoint said how busy it is.
  public void told(LoadReport report, long nowNanos) {
    told = new Told(report, nowNanos);
  }

  /// What the endpoint last said of its load, if that was within [#REPORT_NANOS].
  public Optional<LoadReport> report(long nowNanos) {
    Told last = told;
    return last == null || nowNanos - last.nanos() > REPORT_NANOS
        ? Optional.empty()
        : Optional.of(last.report());
  }

  /// What the endpoint said of its load at `sinceNanos` or later; null if nothing.
  public @Nullable LoadReport reportSince(long sinceNanos) {
    Told last = told;
    return last == null || last.nanos() - sinceNanos < 0 ? null : last.report();
  }

  /// How busy the endpoint last said it is, 1 being fully; 0 if it has said nothing within
  /// [#REPORT_NANOS].
  public double utilisation(long nowNanos) {
    Told last = told;
    return last == null || nowNanos - last.nanos() > REPORT_NANOS ? 0 : last.report().utilisation();
  }

  /// A forecast says how busy it will be in a few seconds, 1 being fully; more, if it is asked for
  /// more than it can do. Counts for [#FORESEEN_NANOS].
  public void foreseen(double utilisation, long nowNanos) {
    foreseen = new Foreseen(Math.max(0, utilisation), nowNanos);
  }

  /// How busy it is by its own word, or will be by the forecast, whichever is more; 0 if neither is
  /// known.
  public double pressingUtilisation(long nowNanos) {
    Foreseen last = foreseen;
    double now = utilisation(nowNanos);
    return last == null || nowNanos - last.nanos() > FORESEEN_NANOS
        ? now
        : Math.max(now, last.utilisation());
  }

  /// Requests in flight from this node now.
  public int inFlight() {
    return inFlight;
  }

  /// The average latency, decayed to `nowNanos` since the last sample; 0 before the first sample.
  /// Of a silent endpoint ([#unanswered]) at least as much as it has been silent for.
  public double latencyNanos(long nowNanos) {
    double measured = averageNanos(nowNanos);
    return silence == null ? measured : Math.max(measured, silentNanos(nowNanos));
  }

  /// The average latency of answers, whatever is awaited; 0 before the first sample.
  double averageNanos(long nowNanos) {
    return average.nanos(nowNanos);
  }

  /// The average, decayed in place: a sample that follows is weighed by the time since this
  /// reading, and from then on [#ageNanos] counts from it.
  public double decayedLatencyNanos(long nowNanos) {
    return average.decay(nowNanos);
  }

  /// Time since the last sample, to about 1 ms; `Long.MAX_VALUE` before the first sample.
  public long ageNanos(long nowNanos) {
    return average.ageNanos(nowNanos);
  }

  /// Number of samples so far.
  public long samples() {
    return average.samples();
  }

  /// Failures since the last success.
  public int failuresInRow() {
    return failuresInRow;
  }

  /// Forgets latency and failures, as after an endpoint came back. How requests end that began
  /// before, and what others said before, will say nothing either: one that times out now would
  /// keep the endpoint without traffic for a minute.
  public void forget(long nowNanos) {
    forgottenNanos = nowNanos;
    forgot = true;
    average.forget();
    failuresInRow = 0;
    told = null;
    foreseen = null;
    others.forget();
    silence = null;
    unreachedNanos = 0;
    latestBegunNanos = 0;
    LatencyByLoad measured = byLoad;
    if (measured != null) {
      measured.forget();
    }
  }

  private boolean isForgotten(long nanos) {
    return forgot && nanos - forgottenNanos < 0;
  }
}
