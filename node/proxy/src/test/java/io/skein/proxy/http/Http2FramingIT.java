package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.route.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests in HTTP/2 that would be more, or other, than one request in HTTP/1.1 never reach a real
/// web server, sound ones reach it as what they are: every line of `framing/http2.txt`, each
/// followed by a canary on the same connection and by a witness on a new one.
@Tag("net")
@Timeout(300)
class Http2FramingIT {
  @TempDir Path folder;

  /// @param verdict words of the corpus
  private record Payload(
      List<String> verdict, String name, List<String> fields, String data, boolean bare) {}

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "node", "apache", "jetty"})
  void agreesWith(String name) throws Exception {
    List<Payload> corpus = corpus();
    assertTrue(corpus.size() >= 60, "payloads: " + corpus.size());
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    try (RealOrigin origin = RealOrigin.start(name, folder);
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("127.0.0.1", origin.port));
      for (Payload payload : corpus) {
        String outcome;
        try {
          outcome = attempt(rig, origin, payload);
        } catch (AssertionError | IOException e) {
          outcome = "wrong";
          wrong.add(payload.name() + ": " + e);
          Rig.until("it is quiet", () -> rig.proxy.metrics().openConnections() == 0);
          origin.takeSeen();
        }
        counts.merge(outcome, 1, Integer::sum);
      }
    }
    System.out.println("framing, h2 to " + name + ": " + corpus.size() + " payloads, " + counts);
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  private static List<Payload> corpus() throws IOException {
    List<Payload> all = new ArrayList<>();
    for (String[] columns : FramingCorpus.rows("/framing/http2.txt", 5)) {
      List<String> fields = new ArrayList<>();
      String[] start = columns[2].split(" ");
      if (start.length == 2) {
        fields.addAll(List.of(RawHttp2.request(start[0], start[1])));
      }
      for (String field : columns[3].split(" \\| ")) {
        int equals = field.indexOf('=', 1);
        int at = field.startsWith("=") ? 0 : equals;
        fields.add(FramingCorpus.bytes(field.substring(0, at)));
        fields.add(FramingCorpus.bytes(field.substring(at + 1)));
      }
      all.add(
          new Payload(
              List.of(columns[0].split(" ")),
              columns[1],
              fields,
              FramingCorpus.bytes(columns[4]),
              columns[4].equals("-")));
    }
    return all;
  }

  private static String attempt(Rig rig, RealOrigin origin, Payload payload) throws IOException {
    boolean refused = payload.verdict().getFirst().equals("refuse");
    List<String> expected = new ArrayList<>(refused ? List.of() : payload.verdict().subList(0, 1));
    String outcome;
    try (RawHttp2 client = new RawHttp2(rig.port)) {
      int id = client.open(payload.bare(), payload.fields().toArray(String[]::new));
      if (!payload.bare()) {
        client.data(id, payload.data(), true);
      }
      try {
        outcome = judge(client.answer(id), refused, expected);
        assertEquals("GET:/canary:0", client.get("/canary").fields().get("x-saw"), "canary");
        expected.add("GET:/canary:0");
      } catch (IOException e) {
        // Frames that follow on a stream that never was end the connection.
        assertTrue(refused, e.toString());
        outcome = "connection ended";
      }
    }
    try (Client witness = rig.client()) {
      expected.add("GET:/witness:0");
      assertEquals("GET:/witness:0", witness.get("/witness").field("x-saw"), "witness");
    }
    List<RealOrigin.Seen> seen = origin.takeSeen();
    assertEquals(expected, seen.stream().map(RealOrigin.Seen::word).toList(), "seen");
    for (String word : payload.verdict().subList(1, payload.verdict().size())) {
      Map<String, String> fields = seen.getFirst().fields();
      if (word.startsWith("!")) {
        assertTrue(!fields.containsKey(word.substring(1)), word + " in " + fields);
      } else {
        String[] field = word.split("=", 2);
        assertEquals(field[1].replace('_', ' '), fields.get(field[0]), Arrays.toString(field));
      }
    }
    return outcome;
  }

  private static String judge(RawHttp2.Answer answer, boolean refused, List<String> expected) {
    if (refused) {
      assertTrue(
          answer.reset() > 0
              || (answer.status() >= 400 && answer.fields().containsKey("skein-reason")),
          answer.toString());
      return answer.reset() > 0 ? "reset" : "refused";
    }
    assertEquals(expected.getFirst(), answer.fields().get("x-saw"), answer.toString());
    return "agreed";
  }
}
