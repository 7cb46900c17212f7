package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.route.Target;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Autobahn's fuzzing client has the same to say of an endpoint through a proxy, and through two,
/// as of the endpoint itself. The whole suite in the nightly run, the short cases every day.
///
/// The endpoint is Vert.x' WebSocket server, which echoes messages.
@Tag("net")
@Tag("nightly-too")
@Timeout(3_600)
class AutobahnIT {
  private static final boolean WHOLE = Boolean.getBoolean("nightly");

  private static final String SHORT =
      "1.1.1,1.1.7,1.2.8,2.2,2.5,2.10,3.2,4.1.3,4.2.1,5.1,5.6,5.15,5.19,6.4.1,6.20.1,6.22.1,7.1.5,7.3.3,"
          + "7.5.1,7.7.3,7.9.1,7.13.1,9.1.1,9.3.4,9.5.4,10.1.1";

  private static final int MOST_BYTES = 64 << 20;
  private static final Pattern VERDICT = Pattern.compile("verdict (\\S+) (\\S+) (\\S+) (\\S+)");

  @TempDir Path folder;

  @Test
  void saysTheSameThroughProxiesAsOfTheEndpointItself() throws Exception {
    Vertx vertx = Vertx.vertx();
    HttpServer echo =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setMaxWebSocketFrameSize(MOST_BYTES)
                .setMaxWebSocketMessageSize(MOST_BYTES));
    echo.webSocketHandler(socket -> {
      socket.textMessageHandler(socket::writeTextMessage);
      socket.binaryMessageHandler(socket::writeBinaryMessage);
    });
    int endpoint = Rig.await(echo.listen(0, "127.0.0.1")).actualPort();
    try (Rig back = new Rig();
        Rig front = new Rig()) {
      MeshIT.listen(front, MeshIT.EU);
      int mesh = MeshIT.listen(back, MeshIT.US);
      back.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("127.0.0.1", endpoint));
      front.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
      Map<String, Map<String, String>> verdicts =
          run(
              WHOLE ? "*" : SHORT,
              "direct=ws://127.0.0.1:" + endpoint,
              "proxied=ws://127.0.0.1:" + back.port,
              "peer=ws://127.0.0.1:" + front.port);
      Map<String, String> direct = verdicts.getOrDefault("direct", Map.of());
      assertTrue(direct.size() >= (WHOLE ? 300 : 26), direct::toString);
      System.out.printf(
          "nightly: Autobahn %s: %d cases, verdicts direct %s; through a proxy %d differ, through two %d%n",
          WHOLE ? "whole" : "short",
          direct.size(),
          counts(direct),
          different(direct, verdicts.getOrDefault("proxied", Map.of())).size(),
          different(direct, verdicts.getOrDefault("peer", Map.of())).size());
      assertEquals(List.of(), different(direct, verdicts.getOrDefault("proxied", Map.of())));
      assertEquals(List.of(), different(direct, verdicts.getOrDefault("peer", Map.of())));
    } finally {
      Rig.await(vertx.close());
    }
  }

  private static List<String> different(Map<String, String> direct, Map<String, String> other) {
    TreeSet<String> cases = new TreeSet<>(direct.keySet());
    cases.addAll(other.keySet());
    List<String> different = new ArrayList<>();
    for (String each : cases) {
      String here = direct.getOrDefault(each, "missing");
      String there = other.getOrDefault(each, "missing");
      if (!here.equals(there)) {
        different.add(each + ": " + here + ", through the proxy " + there);
      }
    }
    return different;
  }

  private static Map<String, Integer> counts(Map<String, String> verdicts) {
    Map<String, Integer> counts = new TreeMap<>();
    verdicts.values().forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
    return counts;
  }

  /// The verdicts by server and case.
  private Map<String, Map<String, String>> run(String cases, String... servers)
      throws IOException, InterruptedException {
    Path script = folder.resolve("run.py");
    try (InputStream in = AutobahnIT.class.getResourceAsStream("/autobahn/run.py")) {
      assertNotNull(in);
      Files.copy(in, script);
    }
    Path said = folder.resolve("said");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                WHOLE ? "-Xmx1g" : "-XX:TieredStopAtLevel=1",
                "-Dpython.cachedir.skip=true",
                "-cp",
                jar("/org/python/util/jython.class") + ":" + jar("/autobahntestsuite/wstest.py"),
                "org.python.util.jython",
                script.toString(),
                folder.resolve("reports").toString(),
                cases));
    command.addAll(List.of(servers));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertTrue(process.waitFor(WHOLE ? 50 : 5, TimeUnit.MINUTES), "the client did not finish");
    } finally {
      process.destroyForcibly();
    }
    String report = Files.readString(said, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), report);
    Map<String, Map<String, String>> verdicts = new TreeMap<>();
    Matcher verdict = VERDICT.matcher(report);
    while (verdict.find()) {
      verdicts
          .computeIfAbsent(verdict.group(1), _ -> new TreeMap<>())
          .put(verdict.group(2), verdict.group(3) + "/" + verdict.group(4));
    }
    return verdicts;
  }

  /// The jar that holds this.
  private static String jar(String resource) {
    String url = String.valueOf(AutobahnIT.class.getResource(resource));
    assertTrue(url.startsWith("jar:file:"), () -> resource + " is in no jar: " + url);
    return url.substring("jar:file:".length(), url.indexOf('!'));
  }
}
