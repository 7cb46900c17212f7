package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.api.view.Ladder;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How far a change must have come before its writer is answered.
class AcknowledgingTest {
  private static final TestNode NODE = new TestNode();
  private static final String ENDPOINT = "/v1/services/orders/endpoints/a";
  private static final String BODY = "{\"url\":\"http://127.0.0.1:1\"}";

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @BeforeEach
  void forget() {
    NODE.control.asked.clear();
    NODE.control.standing = Ladder.LOCAL;
  }

  @Test
  void withoutAWishTheAnswerComesWhenTheRecordIsDurable() {
    JsonObject answer = NODE.send("PUT", ENDPOINT, BODY).json();

    assertEquals(FakeControl.RECORD, answer.getString("record"));
    assertEquals("local", answer.getString("ack"));
    assertEquals("local", answer.getJsonObject("ladder").getString("level"));
    assertEquals(1, NODE.control.asked.size());
  }

  @Test
  void aRecordThatCameFarEnoughIsAcknowledgedWithItsPlace() {
    NODE.control.standing = new Ladder("replicated", 3, 0);

    TestNode.Reply reply = NODE.send("PUT", ENDPOINT + "?ack=replicated:2&timeout=750ms", BODY);

    assertEquals(202, reply.status(), reply.body());
    assertEquals("replicated:2", reply.json().getString("ack"));
    assertEquals(3, reply.json().getJsonObject("ladder").getInteger("replicas"));
    assertEquals(
        "await " + FakeControl.RECORD + " replicated:2 PT0.75S", NODE.control.asked.getLast());
  }

  @Test
  void aRecordThatDidNotIsKeptAndTheProblemSaysSo() {
    NODE.control.standing = new Ladder("replicated", 1, 0);

    TestNode.Reply reply = NODE.send("PUT", ENDPOINT + "?ack=replicated:2&timeout=20ms", BODY);

    assertEquals(504, reply.status());
    assertEquals("application/problem+json", reply.header("Content-Type"));
    JsonObject problem = reply.json();
    assertEquals("not-acknowledged", problem.getString("code"));
    assertEquals("/problems/not-acknowledged", problem.getString("type"));
    assertEquals(FakeControl.RECORD, problem.getString("record"));
    assertEquals(1, problem.getJsonObject("ladder").getInteger("replicas"));
    assertTrue(problem.getString("detail").contains("is kept"), problem.getString("detail"));
    assertEquals(200, NODE.get("/problems/not-acknowledged").status());
  }

  @Test
  void anInviteThatDidNotStillHasItsToken() {
    TestNode.Reply reply = NODE.send("POST", "/v1/invites?ack=witnessed:3&timeout=20ms", "{}");

    assertEquals(504, reply.status());
    assertEquals("skein1-token", reply.json().getString("token"));
    assertEquals(FakeControl.RECORD, reply.json().getString("record"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=30                    | PT30S
          respond-async, wait=7      | PT7S
          wait=900                   | PT1M
          wait=0                     | PT1S
          handling=strict            | PT5S
          """)
  void preferWaitIsTheTimeout(String prefer, String timeout) {
    NODE.control.standing = new Ladder("replicated", 1, 0);

    NODE.send("DELETE", ENDPOINT + "?ack=replicated:1", "", "Prefer", prefer);

    assertEquals(
        "await " + FakeControl.RECORD + " replicated:1 " + timeout, NODE.control.asked.getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ack=all",
        "ack=replicated",
        "ack=replicated:0",
        "ack=replicated:65",
        "ack=replicated:-1",
        "ack=local:1",
        "ack=",
        "timeout=61s",
        "timeout=0ms",
        "timeout=5",
        "timeout=soon",
      })
  void anImpossibleWishIsRefusedBeforeAnythingIsWritten(String wish) {
    TestNode.Reply reply = NODE.send("PUT", ENDPOINT + "?" + wish, BODY);

    assertEquals(400, reply.status(), reply.body());
    assertEquals("invalid-parameter", reply.json().getString("code"));
    assertEquals(0, NODE.control.asked.size());
  }

  @Test
  void aDrainLeavesNoRecordToWaitFor() {
    TestNode.Reply reply = NODE.send("POST", "/v1/node/drain?ack=replicated:1", "{}");

    assertEquals(400, reply.status());
    assertEquals("unknown-parameter", reply.json().getString("code"));
  }
}
