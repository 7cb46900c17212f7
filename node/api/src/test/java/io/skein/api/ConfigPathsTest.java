package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.api.RunningConfig.Reload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConfigPathsTest {
  private final TestNode node = new TestNode();

  @BeforeEach
  void start() {
    node.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterEach
  void stop() {
    node.stop();
  }

  @Test
  void theConfigurationHasAGenerationAndATagThatChangesWithIt() {
    TestNode.Reply before = node.get("/v1/config");
    assertEquals(1, before.json().getInteger("generation"));
    assertEquals(
        "default", before.json().getJsonArray("values").getJsonObject(0).getString("from"));

    assertEquals(
        "would-apply", node.send("POST", "/v1/config/validate", "").json().getString("outcome"));
    assertEquals(before.header("ETag"), node.get("/v1/config").header("ETag"));

    TestNode.Reply reload = node.send("POST", "/v1/config/reload", "");
    assertEquals(200, reload.status());
    assertEquals("applied", reload.json().getString("outcome"));
    assertEquals(2, reload.json().getInteger("generation"));
    assertNotEquals(before.header("ETag"), node.get("/v1/config").header("ETag"));
  }

  @Test
  void aRefusalTellsEveryMistake() {
    node.running.refusal =
        Optional.of(
            new Reload.Refused(
                422,
                "invalid-configuration",
                "1 error; nothing was changed",
                List.of(Map.of("code", "SK1004", "line", 3))));

    TestNode.Reply reply = node.send("POST", "/v1/config/reload", "");

    assertEquals(422, reply.status());
    assertEquals("/problems/invalid-configuration", reply.json().getString("type"));
    assertEquals(3, reply.json().getJsonArray("problems").getJsonObject(0).getInteger("line"));
    assertEquals(200, node.get("/problems/needs-restart").status());
  }

  @Test
  void onlyAReloadWithoutABodyIsTaken() {
    assertEquals(
        400, node.send("POST", "/v1/config/reload", "{\"file\":\"/etc/passwd\"}").status());
    assertEquals(405, node.get("/v1/config/reload").status());
  }
}
