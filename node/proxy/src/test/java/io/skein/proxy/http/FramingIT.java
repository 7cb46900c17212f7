package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.route.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real web servers never read what the proxy wrote differently from the proxy: every payload of
/// [FramingCorpus] is sent to each, with a canary behind it on the same connection, and a witness
/// on a new one, which takes the same connection to the origin. What is dangerous is refused, what
/// is sound is seen by the origin exactly as it is written down in the corpus, and canary and
/// witness get their own answers.
@Tag("net")
@Timeout(300)
class FramingIT {
  private static final String CANARY = "GET:/canary:0";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "node", "apache", "jetty"})
  void agreesWith(String name) throws Exception {
    List<FramingCorpus.Payload> corpus = FramingCorpus.read();
    assertTrue(corpus.size() >= 200, "payloads: " + corpus.size());
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    try (RealOrigin origin = RealOrigin.start(name, folder);
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("127.0.0.1", origin.port));
      for (FramingCorpus.Payload payload : corpus) {
        String outcome;
        try {
          outcome = new Trial(rig, origin, payload).run();
        } catch (AssertionError | IOException e) {
          outcome = "wrong";
          wrong.add(payload + ": " + e);
          settle(rig, origin);
        }
        counts.merge(outcome, 1, Integer::sum);
      }
    }
    System.out.println("framing, " + name + ": " + corpus.size() + " payloads, " + counts);
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  /// What the failed payload left behind is not the next one's fault.
  private static void settle(Rig rig, RealOrigin origin) throws IOException {
    Rig.until("it is quiet", () -> rig.proxy.metrics().openConnections() == 0);
    try (Client client = rig.client()) {
      client.get("/settled");
    }
    origin.takeSeen();
  }

  /// One payload before one origin.
  private record Trial(Rig rig, RealOrigin origin, FramingCorpus.Payload payload) {
    String run() throws IOException {
      String outcome;
      try (Client client = rig.client()) {
        client.socket.setSoTimeout(15_000);
        boolean stops = payload.verdict() == FramingCorpus.Verdict.EOF;
        client.send(payload.bytes() + (stops ? "" : "GET /canary HTTP/1.1\r\nHost: a\r\n\r\n"));
        if (stops) {
          client.socket.shutdownOutput();
        }
        outcome =
            switch (payload.verdict()) {
              case REFUSE, CUT -> refused(client);
              case EOF -> stopped(client);
              case PASS -> passed(client);
            };
      }
      try (Client witness = rig.client()) {
        Client.Answer answer = witness.get("/witness");
        assertEquals("GET:/witness:0", answer.field("x-saw"), "the witness' answer");
      }
      assertEquals(List.of("GET:/witness:0"), words(origin.takeSeen()), "seen with the witness");
      return outcome;
    }

    private String refused(Client client) throws IOException {
      Client.Answer answer = client.answer();
      while (answer.status() == 100) {
        answer = client.answer();
      }
      assertTrue(answer.status() >= 400, "answered " + answer.head());
      assertTrue(!answer.field("skein-reason").isEmpty(), "not by the proxy: " + answer.head());
      assertEquals("close", answer.field("connection"), answer.head());
      assertTrue(client.atEnd(), "still open");
      assertEquals(List.of(), words(origin.takeSeen()), "seen");
      return "refused";
    }

    private String stopped(Client client) throws IOException {
      String rest = client.rest();
      assertTrue(
          rest.isEmpty() || Integer.parseInt(rest.substring(9, 12)) >= 400, "answered " + rest);
      assertEquals(List.of(), words(origin.takeSeen()), "seen");
      return "cut off";
    }

    private String passed(Client client) throws IOException {
      List<String> expected = new ArrayList<>(payload.expected());
      if (!payload.last()) {
        expected.add(CANARY);
      }
      List<String> seen = new ArrayList<>();
      String outcome = "agreed";
      boolean ended = payload.last();
      for (String each : expected) {
        Client.Answer answer = answer(client, each.startsWith("HEAD:"));
        if (each.startsWith("=")) {
          assertEquals(each, "=" + answer.status());
        } else if (answer.status() == 400 || answer.status() == 404) {
          // The origin is stricter than the proxy: the sequence is the same nevertheless.
          assertEquals("", answer.field("skein-reason"), answer.head());
          assertTrue(!each.equals(CANARY), "the canary was refused");
          outcome = "refused by the origin";
        } else {
          assertEquals(each, answer.field("x-saw"), answer.head());
          seen.add(each);
        }
        if (payload.bytes().contains("HTTP/1.0") && answer.field("connection").equals("close")) {
          // Its length was not known before its end.
          ended = true;
          break;
        }
      }
      if (ended) {
        assertTrue(client.atEnd(), "still open");
      }
      List<RealOrigin.Seen> all = origin.takeSeen();
      assertEquals(seen, words(all), "seen");
      for (RealOrigin.Seen each : all) {
        for (String hidden : payload.hidden()) {
          assertTrue(!each.fields().containsKey(hidden), hidden + " in " + each);
        }
      }
      return outcome;
    }

    private static Client.Answer answer(Client client, boolean toHead) throws IOException {
      Client.Answer answer = client.answer(toHead);
      while (answer.status() == 100) {
        answer = client.answer(toHead);
      }
      return answer;
    }

    private static List<String> words(List<RealOrigin.Seen> seen) {
      return seen.stream().map(RealOrigin.Seen::word).toList();
    }
  }
}
