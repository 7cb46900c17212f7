package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/// All of [GrpcCases], by every [GrpcWay].
@Tag("net")
@Tag("nightly-too")
class GrpcInteropIT {
  private static final List<String> SAID = new ArrayList<>();

  @TempDir static Path directory;

  private @Nullable GrpcWay way;
  private String name = "";
  private int passed;
  private int ran;

  @TestFactory
  Stream<DynamicTest> inTheClear() {
    return through("h2c", GrpcWay.Clear.netty());
  }

  @TestFactory
  Stream<DynamicTest> inTheClearFromOkHttp() {
    return through("h2c, client OkHttp", GrpcWay.Clear.okHttpClient());
  }

  @TestFactory
  Stream<DynamicTest> withinTls() throws Exception {
    return through("h2 within TLS", GrpcWay.Tls.of(directory));
  }

  @TestFactory
  Stream<DynamicTest> throughAPeer() throws Exception {
    return through("through a peer", GrpcWay.Peer.of());
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(way).close();
    SAID.add(name + " " + passed + " of " + ran);
  }

  @AfterAll
  static void say() {
    System.out.println("nightly: gRPC interoperability cases passed: " + String.join("; ", SAID));
  }

  private Stream<DynamicTest> through(String what, GrpcWay by) {
    way = by;
    name = what;
    List<String> cases = GrpcCases.names();
    assertTrue(cases.size() > 30, () -> "only " + cases);
    return cases.stream().map(each -> DynamicTest.dynamicTest(each, () -> passes(each, by)));
  }

  private void passes(String each, GrpcWay by) {
    ran++;
    Result result = GrpcCases.run(each, by);
    StringWriter trace = new StringWriter();
    for (Failure failure : result.getFailures()) {
      failure.getException().printStackTrace(new PrintWriter(trace));
    }
    assertTrue(result.wasSuccessful(), trace::toString);
    assumeTrue(result.getAssumptionFailureCount() == 0, "its own assumption does not hold here");
    assertEquals(1, result.getRunCount());
    passed++;
  }
}
