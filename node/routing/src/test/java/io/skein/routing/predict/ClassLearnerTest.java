package io.skein.routing.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.LatencyByClass.Basis;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ClassLearnerTest {
  private static final double MILLI = 1e6;
  private static final double SIGMA = 0.25;

  private final ClassLearner learner = new ClassLearner();
  private final SampleRing ring = learner.open();
  private final SplittableRandom random = new SplittableRandom(11);
  private final Map<String, EndpointLoad> loads =
      new TreeMap<>(Map.of("web/0", new EndpointLoad(), "web/1", new EndpointLoad()));
  private ServiceClasses web = learner.learn("web", loads);
  private long nowNanos;

  private static long hash(String path) {
    return Fingerprint.hash(
        "GET", path, Payload.NONE, Credential.NONE, ClientKind.TOOL, OriginKind.PRIVATE);
  }

  private RequestClass of(String path) {
    return web.classOf(hash(path), true);
  }

  /// A request as the proxy tells of it.
  private void answered(String endpoint, String path, double latencyNanos, int inFlight) {
    if (of(path).number() == RequestClass.OTHER && ring.takesNames()) {
      ring.name(
          web,
          hash(path),
          Fingerprint.of(
              "GET", path, Payload.NONE, Credential.NONE, ClientKind.TOOL, OriginKind.PRIVATE));
    }
    ring.answered(number(endpoint), hash(path), (long) latencyNanos, inFlight, false, -1, 0);
  }

  private int number(String endpoint) {
    return learned(endpoint).endpoint();
  }

  private LatencyByClass learned(String endpoint) {
    LatencyByClass learned = Objects.requireNonNull(loads.get(endpoint)).byClass();
    assertTrue(learned != null);
    return learned;
  }

  private void turn() {
    nowNanos += 100_000_000;
    learner.turn(nowNanos);
  }

  private double noisy(double meanNanos) {
    return meanNanos * Math.exp(SIGMA * random.nextGaussian() - SIGMA * SIGMA / 2);
  }

  private void serve(int requests, int classes, IntToDoubleFunction meanNanos) {
    for (int i = 1; i <= requests; i++) {
      int kind = random.nextInt(classes);
      answered(
          "web/0",
          "/" + (char) ('a' + kind / 26) + (char) ('a' + kind % 26),
          noisy(meanNanos.applyAsDouble(kind)),
          0);
      if (i % 100 == 0) {
        turn();
      }
    }
    turn();
  }

  @Test
  void predictsEachClassAtEachEndpoint() {
    for (int i = 1; i <= 6_000; i++) {
      int inFlight = random.nextInt(8);
      double queue = Math.pow(inFlight + 1, 0.3);
      String endpoint = "web/" + i % 2;
      boolean report = random.nextInt(4) == 0;
      // The one is good at reports, the other at everything else.
      double mean = report == (i % 2 == 0) ? 10 * MILLI : 50 * MILLI;
      answered(
          endpoint,
          (report ? "/report/" : "/item/") + random.nextInt(1000),
          noisy(mean * queue),
          inFlight);
      if (i % 100 == 0) {
        turn();
      }
    }
    int report = of("/report/1").number();
    int item = of("/item/1").number();
    assertNotEquals(report, item);
    assertEquals(10, learned("web/0").nanos(report, 0) / MILLI, 1.0);
    assertEquals(50, learned("web/1").nanos(report, 0) / MILLI, 5.0);
    assertEquals(50, learned("web/0").nanos(item, 0) / MILLI, 5.0);
    assertEquals(50 * Math.pow(8, 0.3), learned("web/0").nanos(item, 7) / MILLI, 10.0);
    assertEquals(Basis.MODEL, learned("web/0").basis(item));
    assertEquals(0.2, learned("web/0").error(item), 0.03);
    assertEquals(0, learned("web/0").nanos(RequestClass.UNKNOWN, 0));
    // A quarter of the requests are reports: the usual mix takes 40 and 20 ms.
    assertEquals(10 / 40.0, learned("web/0").factor(report), 0.05);
    assertEquals(50 / 20.0, learned("web/1").factor(report), 0.4);
    assertEquals(1, learned("web/1").factor(RequestClass.UNKNOWN));
    List<ClassSeen> seen = learner.view("web");
    ClassSeen reports =
        seen.stream().filter(each -> each.number() == report).findAny().orElseThrow();
    assertEquals("/report/{number}", reports.fingerprint().orElseThrow().template());
    assertEquals(2, reports.endpoints().size());
    assertEquals(250, reports.requestsPerSecond(), 50);
  }

  @Test
  void aRequestOfNoLearnedClassIsAnother() {
    assertEquals(RequestClass.OTHER, of("/never").number());
    assertEquals("web", of("/never").service());
    assertTrue(of("/never").idempotent());
    assertFalse(web.classOf(hash("/never"), false).idempotent());
  }

  @Test
  void thereAreNoMoreThan64ClassesAndTheyAreTheFrequentOnes() {
    for (int i = 1; i <= 60_000; i++) {
      String path =
          random.nextBoolean()
              ? "/often/" + (char) ('a' + random.nextInt(20))
              : "/seldom/" + Long.toString(random.nextLong(1 << 20), 20).replaceAll("\\d", "x");
      answered("web/0", path, MILLI, 0);
      if (i % 500 == 0) {
        turn();
      }
    }
    for (int i = 0; i < 20; i++) {
      assertNotEquals(RequestClass.OTHER, of("/often/" + (char) ('a' + i)).number());
    }
    assertTrue(learner.view("web").size() <= ServiceClasses.MOST_CLASSES + 1);
  }

  @Test
  void aClassThatBecomesFrequentDisplacesOneThatIsNot() {
    serve(10_000, ServiceClasses.MOST_CLASSES, _ -> MILLI);
    assertEquals(RequestClass.OTHER, of("/new").number());
    for (int i = 1; i <= 5_000; i++) {
      answered("web/0", "/new", 7 * MILLI, 0);
      if (i % 100 == 0) {
        turn();
      }
    }
    int number = of("/new").number();
    assertNotEquals(RequestClass.OTHER, number);
    assertEquals(7, learned("web/0").nanos(number, 0) / MILLI, 0.5);
  }

  @Test
  void rollsBackToTheAverageOfTheClassWhereTheModelErrsMore() {
    // 60 classes at all scales are more than 32 weights can tell apart.
    serve(60_000, 60, kind -> MILLI * Math.pow(1.2, kind * 37 % 60));
    int onAverage = 0;
    for (int kind = 0; kind < 60; kind++) {
      int number = of("/" + (char) ('a' + kind / 26) + (char) ('a' + kind % 26)).number();
      if (learned("web/0").basis(number) == Basis.CLASS) {
        onAverage++;
      }
      double mean = MILLI * Math.pow(1.2, kind * 37 % 60);
      assertEquals(1, learned("web/0").nanos(number, 0) / mean, 0.35);
    }
    assertTrue(onAverage > 20, "by average: " + onAverage);
  }

  @Test
  void whatErredLeastIsUsed() {
    assertEquals(Basis.MODEL, EndpointModel.best(1, 2, 3));
    assertEquals(Basis.CLASS, EndpointModel.best(2, 1, 3));
    assertEquals(Basis.ENDPOINT, EndpointModel.best(3, 2, 1));
    assertEquals(Basis.MODEL, EndpointModel.best(1, 1, 1));
  }

  @Test
  void aClassThatStaysAwayIsTriedAgain() {
    for (int i = 1; i <= 4_000; i++) {
      answered("web/" + i % 2, "/x", noisy(i % 2 == 0 ? 10 * MILLI : 100 * MILLI), 0);
      if (i % 100 == 0) {
        turn();
      }
    }
    int number = of("/x").number();
    double before = learned("web/1").factorToChooseBy(number);
    for (int i = 1; i <= 2_000; i++) {
      answered("web/0", "/x", noisy(10 * MILLI), 0);
      if (i % 100 == 0) {
        turn();
      }
    }
    assertTrue(learned("web/1").factorToChooseBy(number) < before / 20);
    assertEquals(100, learned("web/1").nanos(number, 0) / MILLI, 15);
    assertEquals(learned("web/0").factor(number), learned("web/0").factorToChooseBy(number), 0.05);
  }

  @Test
  void aFailureTeachesNothing() {
    serve(2_000, 2, _ -> 50 * MILLI);
    int number = of("/aa").number();
    double before = learned("web/0").nanos(number, 0);
    for (int i = 0; i < 500; i++) {
      ring.answered(number("web/0"), hash("/aa"), 1000, 0, true, -1, 0);
    }
    turn();
    assertEquals(before, learned("web/0").nanos(number, 0), before / 100);
  }

  @Test
  void whatFindsNoRoomIsCounted() {
    for (int i = 0; i < SampleRing.ROOM + 7; i++) {
      ring.answered(number("web/0"), 1, 1000, 0, false, -1, 0);
    }
    assertEquals(7, learner.lost());
    turn();
    ring.answered(number("web/0"), 1, 1000, 0, false, -1, 0);
    assertEquals(7, learner.lost());
  }

  @Test
  void anEndpointThatLeftIsForgottenAndItsSamplesAreNobodys() {
    serve(500, 1, _ -> MILLI);
    int number = number("web/0");
    loads.remove("web/0");
    web = learner.learn("web", loads);
    ring.answered(number, hash("/aa"), 1000, 0, false, -1, 0);
    turn();
    assertTrue(learner.view("web").stream().allMatch(each -> each.endpoints().isEmpty()));
  }

  @Test
  void whatTheRequestPathDoesAllocatesNothing() {
    serve(5_000, 10, kind -> (kind + 1) * MILLI);
    LatencyByClass learned = learned("web/0");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    double sum = path(learned, 20_000);
    long before = threads.getThreadAllocatedBytes(thread);
    sum += path(learned, 20_000);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    assertTrue(sum > 0);
    // Asking for the count may itself allocate a little.
    assertTrue(bytes < 10_000, () -> bytes + " bytes in 20,000 requests");
  }

  private double path(LatencyByClass learned, int requests) {
    double sum = 0;
    for (int i = 0; i < requests; i++) {
      long hash =
          Fingerprint.hash(
              "GET",
              i % 2 == 0 ? "/aa" : "/ab?page=2",
              Payload.of("100"),
              Credential.of("Bearer abc"),
              ClientKind.of("curl/8"),
              OriginKind.PRIVATE);
      RequestClass kind = web.classOf(hash, true);
      sum += learned.nanos(kind.number(), i & 15);
      ring.answered(learned.endpoint(), hash, 1000, i & 15, false, -1, 0);
    }
    return sum;
  }
}
