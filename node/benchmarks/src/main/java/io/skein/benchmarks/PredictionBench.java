package io.skein.benchmarks;

import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.predict.ClassLearner;
import io.skein.routing.predict.Fingerprint;
import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import io.skein.routing.predict.SampleRing;
import io.skein.routing.predict.ServiceClasses;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What classes of requests cost: the fingerprint of a request, its class, a prediction, the sample
/// of an answer, and learning from one. With `-prof gc` all but learning say 0 B.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PredictionBench {
  private static final int CLASSES = 40;
  private static final int TURNS = 200;
  private static final String[] PATHS = {
    "/api/v1/users/4711/orders?page=2",
    "/api/v1/items/123e4567-e89b-12d3-a456-426614174000",
    "/static/app.js",
    "/"
  };

  private final ClassLearner learner = new ClassLearner();
  private final SampleRing ring = learner.open();
  private final EndpointLoad load = new EndpointLoad();
  private final ServiceClasses classes = learner.learn("web", Map.of("web/a", load));
  private final SplittableRandom random = new SplittableRandom(7);
  private LatencyByClass learned = LatencyByClass.unknown(0);
  private long nowNanos;
  private int next;

  private static long hash(String path) {
    return Fingerprint.hash(
        "GET", path, Payload.NONE, Credential.BEARER, ClientKind.BROWSER, OriginKind.PUBLIC);
  }

  private static String path(int kind) {
    return kind < PATHS.length ? PATHS[kind] : "/kind/" + (char) ('a' + kind % 26) + kind / 26;
  }

  /// Teaches 40 classes.
  @Setup
  public void teach() {
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < SampleRing.ROOM; i++) {
        int kind = random.nextInt(CLASSES);
        if (ring.takesNames()) {
          ring.name(
              classes,
              hash(path(kind)),
              Fingerprint.of(
                  "GET",
                  path(kind),
                  Payload.NONE,
                  Credential.BEARER,
                  ClientKind.BROWSER,
                  OriginKind.PUBLIC));
        }
        sample(kind);
      }
      nowNanos += 100_000_000;
      learner.turn(nowNanos);
    }
    LatencyByClass known = load.byClass();
    learned = known == null ? learned : known;
  }

  private void sample(int kind) {
    long latency = (long) ((kind + 1) * 1e6 * Math.exp(0.25 * random.nextGaussian()));
    ring.answered(0, hash(path(kind)), latency, random.nextInt(8), false, -1, 0);
  }

  @Benchmark
  public long fingerprint() {
    return hash(PATHS[next++ & 3]);
  }

  @Benchmark
  public RequestClass fingerprintAndClass() {
    return classes.classOf(hash(PATHS[next++ & 3]), true);
  }

  @Benchmark
  public double prediction() {
    next++;
    return learned.nanos(next & 31, next & 15);
  }

  @Benchmark
  public double factor() {
    return learned.factorToChooseBy(next++ & 31);
  }

  /// A turn with a full ring: divide by [SampleRing#ROOM].
  @Benchmark
  public long turnOf1024() {
    for (int i = 0; i < SampleRing.ROOM; i++) {
      ring.answered(
          0, hash(PATHS[i & 3]), 1_000_000L + (i & 255) * 1_000L, i & 7, false, -1, 0);
    }
    nowNanos += 100_000_000;
    learner.turn(nowNanos);
    return ring.lost();
  }
}
