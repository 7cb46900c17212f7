package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What commands ask and show about the configuration of a node.
final class ConfigTest {
  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }

  private static final String APPLIED =
      """
      {"outcome":"%s","generation":3,"file":"skein.yaml","changes":[
        {"key":"log.level","change":"changed","effect":"now","text":"log.level: info -> debug"},
        {"key":"mesh.seeds","change":"changed","effect":"at-start","text":"mesh.seeds: [] -> [a:1]"},
        {"key":"listeners[more]","change":"added","effect":"now","text":"listeners[more]: added"}],
       "records":[{"change":"put","key":"service/shop","record":"%s"}],
       "kept":{"service/old":"2 endpoints of others"},
       "listeners":{"more":"http://127.0.0.1:8090"}}
      """;

  @Test
  void reloadSaysWhatChanged() {
    node.on("POST /v1/config/reload", 200, APPLIED.formatted("applied", "0123456789abcdef"));

    Ran ran = run("reload");

    assertEquals(ExitCode.OK, ran.code());
    assertEquals(
        """
        applied, generation 3, skein.yaml
          log.level: info -> debug
          mesh.seeds: [] -> [a:1] (only a start reads it)
          listeners[more]: added, http://127.0.0.1:8090
        the catalogue got:
          put service/shop  0123456789ab
        not removed, because others use it:
          service/old: 2 endpoints of others
        """,
        ran.out());
  }

  @Test
  void aDryRunOnlyLooks() {
    node.on("POST /v1/config/validate", 200, APPLIED.formatted("would-apply", ""));

    Ran ran = run("reload", "--dry-run");

    assertEquals(
        "would be applied over generation 3, skein.yaml", ran.out().lines().findFirst().orElse(""));
    assertEquals("the catalogue would get:", ran.out().lines().skip(4).findFirst().orElse(""));
  }

  @Test
  void aBadFileIsToldAsByCheckAndEndsLikeIt() {
    node.on(
        "POST /v1/config/reload",
        422,
        """
        {"type":"/problems/invalid-configuration","title":"Invalid configuration","status":422,
         "detail":"1 error; nothing was changed","code":"invalid-configuration","problems":[
         {"code":"SK1004","shown":"skein.yaml:2:1: error: unknown key\\n    2 | lgo: {}\\n"}]}
        """);

    Ran ran = run("reload");

    assertEquals(ExitCode.USAGE, ran.code());
    assertEquals(
        """
        skein.yaml:2:1: error: unknown key
            2 | lgo: {}
        1 error. Nothing was changed; the node runs on as it was.
        """,
        ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void whatNeedsARestartIsNamed() {
    node.on(
        "POST /v1/config/reload",
        409,
        """
        {"title":"Needs a restart","status":409,"code":"needs-restart","detail":"node.name",
         "problems":[{"key":"node.name","shown":"node.name: a -> b; needs a restart\\n"}]}
        """);

    Ran ran = run("reload");

    assertEquals(ExitCode.CONFLICT, ran.code());
    assertEquals(
        "node.name: a -> b; needs a restart\nNothing was changed; the node runs on as it was.\n",
        ran.err());
  }

  @Test
  void runningShowsWhatSomebodyHasSet() {
    node.on(
        "GET /v1/config",
        200,
        """
        {"generation":2,"since":"2026-07-01T12:00:00Z","file":"skein.yaml",
         "values":[{"key":"log.level","value":"debug","from":"skein.yaml:2:7"},
          {"key":"log.format","value":"auto","from":"default"}],
         "lastReload":{"at":"2026-07-01T12:00:00Z","outcome":"applied","detail":"1 change, 0 records"}}
        """);

    assertEquals(
        """
        generation 2 since 2026-07-01T12:00:00Z, skein.yaml
        last reload 2026-07-01T12:00:00Z: applied, 1 change, 0 records
        KEY        VALUE  FROM
        log.level  debug  skein.yaml:2:7
        """,
        run("config", "running").out());
    assertEquals(
        5, run("config", "running", "-o", "wide").out().lines().count(), "defaults as well");
  }
}
