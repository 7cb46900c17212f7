package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `skein check` and `skein config`.
final class CheckCommandTest {
  private static final String PORTS = "mesh: {bind: '127.0.0.1:0'}\napi: {bind: '127.0.0.1:0'}\n";

  @TempDir private Path directory;
  private Path data;
  private Said said = new Said();

  @BeforeEach
  void place() {
    data = directory.resolve("data");
  }

  @Test
  void aValidFileIsValid() throws IOException {
    Path file = file("");

    assertEquals(0, check(file.toString()), said.talk());
    assertEquals(file + ": valid\n", said.out());
    assertEquals("", said.talk());
    assertFalse(Files.exists(data));
    assertEquals(0, check("-o", "json", file.toString()));
    assertEquals("[]\n", said.out());
  }

  @Test
  void contractsAreChecked() throws IOException {
    String contract = "contracts: [{name: fast, service: web, %s: p99_ms <= 200}]\n";
    assertEquals(0, check("--offline", file(contract.formatted("require")).toString()));

    assertEquals(2, check("--offline", file(contract.formatted("requires")).toString()));
    assertTrue(said.talk().contains("did you mean 'require'?"), said.talk());
    assertTrue(said.talk().contains("SK1004"), said.talk());

    Path faulty = file("contracts:\n- {name: fast, service: web, require: p99_ms <= fast}\n");
    assertEquals(2, check("--offline", faulty.toString()));
    assertTrue(
        said.talk()
            .contains("skein.yaml:5:39: error: contracts[0].require: 1:11: undeclared reference"),
        said.talk());
  }

  @Test
  void theFileOfTheEnvironmentCounts() throws IOException {
    Path file = file("nod: {}\n");

    assertEquals(2, run(Map.of("SKEIN_CONFIG", file.toString())));
    assertTrue(said.talk().contains("unknown key 'nod'"), said.talk());
  }

  @Test
  void certificatesThatCannotBeServedAreTold() throws IOException {
    Path pem = directory.resolve("gone.pem");
    Path file =
        file(
            "listeners: [{name: a, bind: '127.0.0.1:0', tls: {certificates: [{cert-file: "
                + pem
                + ", key-file: "
                + pem
                + "}]}}]\n");

    assertEquals(2, check(file.toString()));
    assertTrue(said.talk().contains("listeners[0].tls.certificates[0].cert-file"), said.talk());
    assertTrue(said.talk().contains(pem + " cannot be read"), said.talk());
    assertTrue(said.talk().startsWith(file + ":"), said.talk());
    assertEquals(0, check("--offline", file.toString()), said.talk());
  }

  @Test
  void problemsOfTheFileAreToldAllAtOnce() throws IOException {
    Path file = file("nod: {}\ndrain: {timeout: soon}\n");

    assertEquals(2, check("--offline", file.toString()));
    assertEquals("", said.out());
    assertTrue(said.talk().contains("[SK1004]"), said.talk());
    assertTrue(said.talk().contains("[SK1008]"), said.talk());
    assertTrue(said.talk().endsWith("2 errors. Nothing was started.\n"), said.talk());

    assertEquals(2, check("--config", file.toString(), "-o", "json"));
    JsonArray problems = new JsonArray(said.out());
    assertEquals("SK1004", problems.getJsonObject(0).getString("code"));
    assertEquals(4, problems.getJsonObject(0).getInteger("line"));
    assertEquals("drain.timeout", problems.getJsonObject(1).getString("key"));
  }

  @Test
  void whatTheMachineLacksIsToldWithItsPlaceUnlessOffline() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Path file =
          Files.writeString(
              directory.resolve("skein.yaml"),
              "node: {data: "
                  + data
                  + "}\nmesh: {bind: '127.0.0.1:0', seeds: ['nobody.invalid:7800'], token-file: "
                  + directory.resolve("missing")
                  + "}\napi: {bind: '"
                  + address
                  + "'}\n");

      assertEquals(2, check(file.toString()));
      assertTrue(
          said.talk().contains(file + ":3:13: error: api.bind: cannot listen at " + address),
          said.talk());
      assertTrue(said.talk().contains("nobody.invalid:7800 does not resolve"), said.talk());
      assertTrue(said.talk().contains("missing does not exist"), said.talk());
      assertTrue(said.talk().endsWith("3 errors. Nothing was started.\n"), said.talk());
      assertEquals(0, check("--offline", file.toString()));
    }
  }

  @Test
  void aKeyOpenToOthersIsAProblem() throws IOException {
    Files.createDirectory(data);
    Path key = Files.writeString(data.resolve("identity.key"), "garbage");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    assertEquals(2, check(file("").toString()));
    assertTrue(said.talk().contains("chmod 600"), said.talk());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertEquals(2, check(file("").toString()));
    assertTrue(said.talk().contains("not an Ed25519 key"), said.talk());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --ofline       | unknown flag '--ofline'
          -o xml         | -o: 'xml' (expected: text or json)
          a.yaml b.yaml  | two files, a.yaml and b.yaml
          --config       | --config needs a file
          """)
  void wordsThatCannotBeAreRefused(String words, String message) {
    assertEquals(2, check(words.split(" ")));
    assertTrue(said.talk().contains(message), said.talk());
    assertTrue(said.talk().contains("skein check --help"), said.talk());
  }

  @Test
  void configShowsEveryValueAndWhereItCameFrom() throws IOException {
    Path file = file("log: {level: debug}\n");
    Map<String, String> environment =
        Map.of("SKEIN_NODE_REGION", "eu", "SKEIN_MESH_TOKEN", "secret");
    ConfigCommand config = new ConfigCommand(said.out, said.talk, environment);

    assertEquals(0, config.run(List.of("--explain", file.toString())));
    List<String> lines = said.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertTrue(lines.contains("log.level debug " + file + ":4:14"), said.out());
    assertTrue(lines.contains("node.region eu SKEIN_NODE_REGION"), said.out());
    assertTrue(lines.contains("mesh.token *** SKEIN_MESH_TOKEN"), said.out());
    assertTrue(lines.contains("drain.timeout 30s default"), said.out());
    assertFalse(said.out().contains("secret"));

    said = new Said();
    assertEquals(0, new ConfigCommand(said.out, said.talk, environment).run(List.of("-o", "json")));
    assertTrue(
        new JsonArray(said.out())
            .stream().anyMatch(row -> row.toString().contains("\"key\":\"node.region\"")),
        said.out());
  }

  @Test
  void configOfAnInvalidFileTellsWhy() throws IOException {
    ConfigCommand config = new ConfigCommand(said.out, said.talk, Map.of());

    assertEquals(2, config.run(List.of(file("nod: {}\n").toString())));
    assertTrue(said.talk().contains("[SK1004]"), said.talk());
    assertEquals(2, config.run(List.of("--offline")));
    assertTrue(said.talk().contains("skein config --help"), said.talk());
  }

  @Test
  void helpLeadsWithExamples() throws InterruptedException {
    assertEquals(0, check("--help"));
    assertEquals(0, new ConfigCommand(said.out, said.talk, Map.of()).run(List.of("-h")));
    assertEquals(0, new UpCommand(said.out, said.talk, Map.of()).run(List.of("--help"), "0"));
    for (String verb : List.of("check", "config", "up")) {
      assertTrue(said.out().contains("Examples:\n  skein " + verb), said.out());
      assertTrue(said.out().contains("Usage: skein " + verb), said.out());
    }
    assertEquals(3, said.out().split("\nExit: 0", -1).length - 1, said.out());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(
        directory.resolve("skein.yaml"), "node: {data: " + data + "}\n" + PORTS + text);
  }

  private int check(String... words) {
    said = new Said();
    return new CheckCommand(said.out, said.talk, Map.of()).run(List.of(words));
  }

  private int run(Map<String, String> environment) {
    return new CheckCommand(said.out, said.talk, environment).run(List.of());
  }
}
