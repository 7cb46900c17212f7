package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RoutePathsTest {
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
  void routesAreListedAndShown() {
    assertEquals(2, NODE.get("/v1/routes").json().getJsonArray("routes").size());
    JsonObject torn = NODE.get("/v1/routes/torn").json();
    assertEquals("torn", torn.getString("name"));
    assertEquals("/x: unknown key 'x'", torn.getJsonArray("faults").getString(0));
    assertEquals(404, NODE.get("/v1/routes/none").status());
    assertEquals(400, NODE.get("/v1/routes/No!").status());
  }

  @Test
  void aDocumentIsHandedOnAsItIs() {
    String document = "{\"services\":[{\"name\":\"web\"}],\"priority\":-1}";
    TestNode.Reply reply = NODE.send("PUT", "/v1/routes/shop", document);

    assertEquals(202, reply.status(), reply.body());
    assertEquals(FakeControl.RECORD, reply.json().getString("record"));
    assertEquals("route shop " + document, NODE.control.asked.getLast());
    assertEquals(202, NODE.send("DELETE", "/v1/routes/shop", "").status());
    assertEquals("delete route shop", NODE.control.asked.getLast());
  }

  @Test
  void mistakesInADocumentHavePointers() {
    int before = NODE.control.asked.size();
    TestNode.Reply reply = NODE.send("PUT", "/v1/routes/shop", "{\"wrong\":[1]}");

    assertEquals(400, reply.status());
    assertEquals(
        "/wrong/0", reply.json().getJsonArray("errors").getJsonObject(0).getString("pointer"));
    assertEquals(before, NODE.control.asked.size());
  }

  @Test
  void aRequestIsExplained() {
    TestNode.Reply reply =
        NODE.send(
            "POST",
            "/v1/routes/explain",
            "{\"host\":\"shop.example\",\"path\":\"/a?q\",\"headers\":[\"X-A: 1\",\"x-a:2\"]}");

    assertEquals(200, reply.status(), reply.body());
    assertEquals("shop", reply.json().getString("route"));
    String verdict = reply.json().getString("verdict");
    assertTrue(verdict.contains("GET") && verdict.contains("x-a=[1, 2]"), verdict);
    for (String wrong :
        List.of("{\"path\":\"a\"}", "{\"headers\":[\"nocolon\"]}", "{\"hots\":1}")) {
      assertEquals(400, NODE.send("POST", "/v1/routes/explain", wrong).status(), wrong);
    }
  }
}
