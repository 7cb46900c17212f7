package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// An endpoint that answers in a way two clients might read differently cannot put its words into
/// another request's answer: every line of `framing/answers.txt`, followed by requests on the same
/// connection and on a new one.
@Tag("net")
class AnswerFramingIT {
  static Stream<Arguments> answers() throws IOException {
    return FramingCorpus.rows("/framing/answers.txt", 3).stream()
        .map(columns -> Arguments.of(columns[1], columns[0], columns[2]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void givesEveryRequestItsOwnAnswer(String name, String verdict, String written) throws Exception {
    boolean head = name.startsWith("HEAD");
    String bytes =
        FramingCorpus.bytes(
            written.replace("{OK}", "HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nevil"));
    try (Endpoint endpoint =
            new Endpoint((request, c) -> {
              if (request.contains(" /p ")) {
                c.send(bytes);
              } else {
                c.send(Endpoint.ok(request.split(" ")[1]));
              }
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send((head ? "HEAD" : "GET") + " /p HTTP/1.1\r\nHost: a\r\n\r\n");
      boolean lives = judge(client, verdict, head);
      for (String path : List.of("/canary", "/other")) {
        if (lives) {
          assertEquals(path, client.get(path).body());
        }
        try (Client witness = rig.client()) {
          assertEquals(path + "/witness", witness.get(path + "/witness").body());
        }
      }
    }
  }

  /// @return whether the connection may serve another request
  private static boolean judge(Client client, String verdict, boolean head) throws IOException {
    Client.Answer answer;
    try {
      answer = client.answer(head);
      while (answer.status() < 200) {
        answer = client.answer(head);
      }
    } catch (IOException e) {
      assertEquals("bad", verdict, e.toString());
      return false;
    }
    if (verdict.equals("bad")) {
      assertEquals(502, answer.status(), answer.head() + answer.body());
      assertTrue(!answer.field("skein-reason").isEmpty(), answer.head());
    } else {
      assertEquals(verdict, answer.status() + ":" + answer.body());
      if (answer.status() == 204) {
        assertEquals("", answer.field("content-length") + answer.field("transfer-encoding"));
      }
    }
    return !answer.field("connection").equals("close");
  }
}
