package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Contracts over the API.
final class ContractPathsTest {
  private static final TestNode NODE = new TestNode();

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @Test
  void contractsAreListedWithoutTheirWindowsAndShownWithThem() {
    JsonObject listed = NODE.get("/v1/contracts").json().getJsonArray("contracts").getJsonObject(0);
    assertEquals("broken", listed.getString("state"));
    JsonObject subject = listed.getJsonArray("subjects").getJsonObject(0);
    assertEquals("quarantined", subject.getString("state"));
    assertTrue(subject.getJsonArray("windows").isEmpty());
    JsonObject shown = NODE.get("/v1/contracts/web-fast").json();
    JsonObject window =
        shown.getJsonArray("subjects").getJsonObject(0).getJsonArray("windows").getJsonObject(0);
    assertEquals("failed", window.getString("ruling"));
    assertEquals(400_000, window.getInteger("p99Micros"));
    assertEquals(404, NODE.get("/v1/contracts/none").status());
    assertEquals(400, NODE.get("/v1/contracts/No!").status());
  }

  @Test
  void aContractIsPutAndRemoved() {
    String document = "{\"service\":\"web\",\"require\":\"p99_ms <= 200\"}";
    TestNode.Reply reply = NODE.send("PUT", "/v1/contracts/web-fast", document);
    assertEquals(202, reply.status());
    assertFalse(reply.json().getString("record").isEmpty());
    assertEquals(202, NODE.send("DELETE", "/v1/contracts/web-fast", "").status());
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    TestNode.Reply reply = NODE.send("PUT", "/v1/contracts/web-fast", "{\"require\":\"wrong\"}");
    assertEquals(400, reply.status());
    JsonObject error = reply.json().getJsonArray("errors").getJsonObject(0);
    assertEquals("/require", error.getString("pointer"));
    assertTrue(error.getString("detail").startsWith("1:1: "), error.encode());
  }
}
