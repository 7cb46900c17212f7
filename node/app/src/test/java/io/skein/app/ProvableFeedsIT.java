package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.note.CheckpointNote;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a mesh proves, judged by programs that share no line with it.
@Tag("net")
final class ProvableFeedsIT {
  private static final Path FOREIGN = Path.of("src", "test", "foreign");
  private static final Path GO_LIBRARY = Path.of("/usr/share/gocode/src/golang.org/x/mod/sumdb");

  @TempDir private static Path folder;
  private static MeshOfNodes mesh;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Node reader;
  private static String meshId = "";
  private static JsonObject proof = new JsonObject();
  private static Path log = Path.of("");

  @BeforeAll
  static void aRecordIsWitnessed() throws Exception {
    mesh = new MeshOfNodes(folder);
    Node first = mesh.start("eu-1");
    String token = mesh.invite(first, 4, Duration.ofMinutes(5));
    Node second = mesh.join("us-1", first, token);
    reader = mesh.join("ap-1", first, token);
    mesh.await("all ready", () -> mesh.ready(second) && mesh.ready(reader));
    HttpResponse<String> put =
        mesh.send(second, "PUT", "/v1/services/orders", new JsonObject().put("policy", "skein"));
    assertEquals(202, put.statusCode(), put.body());
    String hash = new JsonObject(put.body()).getString("record");
    meshId = mesh.get(first, "/v1/node").orElseThrow().getJsonObject("mesh").getString("id");
    mesh.await(
        "a proof with two witnesses",
        () ->
            mesh.get(reader, "/v1/ledger/proofs/inclusion?hash=" + hash)
                    .map(body -> body.getJsonArray("witnessKeys").size())
                    .orElse(0)
                == 2);
    proof = mesh.get(reader, "/v1/ledger/proofs/inclusion?hash=" + hash).orElseThrow();
    log = Files.createDirectory(folder.resolve("log"));
    Files.writeString(log.resolve("proof.json"), proof.encode());
  }

  @AfterAll
  static void stop() {
    mesh.close();
    HTTP.close();
  }

  private static HttpResponse<byte[]> fetch(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://" + reader.bound().api() + path))
            .timeout(Duration.ofSeconds(45))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static String feed() {
    return "/v1/feeds/" + proof.getString("author") + "/" + proof.getString("epoch");
  }

  /// Waits for a checkpoint with all signatures and keeps it.
  private static CheckpointNote checkpoint() throws Exception {
    mesh.await("three signatures", () -> signatures(fetch(feed() + "/checkpoint")) == 3);
    HttpResponse<byte[]> answer = fetch(feed() + "/checkpoint");
    assertEquals(
        "text/plain; charset=utf-8", answer.headers().firstValue("Content-Type").orElse(""));
    Files.write(log.resolve("checkpoint"), answer.body());
    return CheckpointNote.parse(answer.body());
  }

  private static int signatures(HttpResponse<byte[]> answer) throws Exception {
    return answer.statusCode() == 200
        ? CheckpointNote.parse(answer.body()).note().signatures().size()
        : 0;
  }

  private static void keep(String path) throws Exception {
    HttpResponse<byte[]> answer = fetch(feed() + "/" + path);
    assertEquals(200, answer.statusCode(), path);
    assertEquals(
        "application/octet-stream", answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(answer.headers().firstValue("Cache-Control").orElse("").contains("immutable"), path);
    Path file = log.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, answer.body());
  }

  @Test
  void theLibrariesOfGoReadAFeedAsTheyReadAnyLog() throws Exception {
    Assumptions.assumeTrue(
        Files.isDirectory(GO_LIBRARY) && has("go"),
        "needs Go and its package golang.org/x/mod (Debian: golang-go golang-golang-x-mod-dev)");
    long size = checkpoint().head().size();
    assertTrue(size < 256, "a feed of a few records");
    keep("tile/0/000.p/" + size);
    keep("tile/entries/000.p/" + size);
    JsonObject consistency =
        mesh.get(
                reader,
                "/v1/ledger/proofs/consistency?author="
                    + proof.getString("author")
                    + "&epoch="
                    + proof.getString("epoch")
                    + "&from=1&to="
                    + size)
            .orElseThrow();
    Files.writeString(log.resolve("consistency.json"), consistency.encode());
    List<String> command = new ArrayList<>(List.of("go", "run", "monitor.go", log.toString()));
    command.add(proof.getString("authorKey"));
    JsonArray witnesses = proof.getJsonArray("witnessKeys");
    witnesses.forEach(key -> command.add((String) key));

    Ran sound = run(command);
    assertEquals(0, sound.code(), sound.out());
    assertTrue(sound.out().contains("entries: " + size), sound.out());
    assertTrue(sound.out().contains("inclusion: record " + proof.getLong("seq")), sound.out());
    assertTrue(sound.out().contains("consistency: 1 to " + size), sound.out());

    // It can say no as well.
    Path entries = log.resolve("tile/entries/000.p/" + size);
    byte[] bytes = Files.readAllBytes(entries);
    bytes[bytes.length / 2] ^= 1;
    Files.write(entries, bytes);
    Ran changed = run(command);
    assertEquals(1, changed.code(), changed.out());
    assertTrue(changed.out().contains("refused"), changed.out());
  }

  @Test
  void aScriptWrittenFromTheFormatsAloneBelievesAProof() throws Exception {
    Assumptions.assumeTrue(has("node"), "needs node (Debian: nodejs)");
    Path file = log.resolve("proof.json");
    Ran sound = run(List.of("node", "proof.mjs", file.toString(), meshId));
    assertEquals(0, sound.code(), sound.out());
    assertTrue(sound.out().startsWith("valid: record " + proof.getLong("seq")), sound.out());
    assertTrue(sound.out().contains("2 witnesses"), sound.out());

    JsonArray hashes = proof.getJsonArray("hashes").copy();
    String first = hashes.getString(0);
    hashes.set(0, (first.charAt(0) == '0' ? '1' : '0') + first.substring(1));
    Path changed = log.resolve("changed.json");
    Files.writeString(changed, proof.copy().put("hashes", hashes).encode());
    Ran refused = run(List.of("node", "proof.mjs", changed.toString(), meshId));
    assertEquals(1, refused.code(), refused.out());
    assertEquals(1, run(List.of("node", "proof.mjs", file.toString(), "00".repeat(32))).code());
  }

  @Test
  void thePagesOwnCodeBelievesAProofAndNoChangedOne(@TempDir Path page) throws Exception {
    Assumptions.assumeTrue(has("node"), "needs node (Debian: nodejs)");
    Path ui = Path.of("../dashboard/src/main/resources/dashboard/ui");
    for (String part : List.of("verify", "vendor")) {
      try (Stream<Path> tree = Files.walk(ui.resolve(part))) {
        for (Path from : tree.toList()) {
          Files.copy(from, page.resolve(ui.relativize(from).toString()));
        }
      }
    }
    Files.writeString(page.resolve("package.json"), "{\"type\":\"module\"}");
    Path file = log.resolve("proof.json");
    List<String> command = List.of("node", "page.mjs", page.toString());
    for (String way : List.of("browser", "library")) {
      Ran sound = run(with(command, file.toString(), meshId, way));
      assertEquals(0, sound.code(), sound.out());
      assertEquals(6, sound.out().lines().count(), sound.out());
      assertTrue(sound.out().lines().allMatch(line -> line.startsWith("ok: ")), sound.out());
    }

    byte[] record = Base64.getDecoder().decode(proof.getString("record"));
    record[record.length - 1] ^= 1;
    JsonArray hashes = proof.getJsonArray("hashes").copy();
    hashes.set(0, "00".repeat(32));
    JsonArray nobody = new JsonArray().add(proof.getJsonArray("admission").getString(0));
    Map<String, JsonObject> lies =
        Map.of(
            "signed it", proof.copy().put("record", Base64.getEncoder().encodeToString(record)),
            "contains it", proof.copy().put("hashes", hashes),
            "was admitted", proof.copy().put("admission", nobody),
            "that was asked for", proof.copy().put("hash", "00".repeat(32)));
    for (Map.Entry<String, JsonObject> lie : lies.entrySet()) {
      Path told = log.resolve("lie.json");
      Files.writeString(told, lie.getValue().encode());
      Ran refused = run(with(command, told.toString(), meshId));
      assertEquals(1, refused.code(), refused.out());
      String last = refused.out().lines().reduce("", (_, line) -> line);
      assertTrue(last.startsWith("FAILED: ") && last.contains(lie.getKey()), refused.out());
    }
  }

  private static List<String> with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }

  @Test
  void whatIsNotThereIsToldApart() throws Exception {
    assertEquals(404, fetch(feed() + "/tile/0/000").statusCode());
    assertEquals(404, fetch(feed() + "/tile/0/000.p/0").statusCode());
    assertEquals(404, fetch(feed() + "/tile/1/000.p/1").statusCode());
    assertEquals(400, fetch(feed() + "/tile/64/000").statusCode());
    assertEquals(404, fetch(feed() + "/tile/entries/001").statusCode());
    assertEquals(404, fetch("/v1/feeds/" + "a".repeat(26) + "/1/checkpoint").statusCode());
    assertEquals(400, fetch("/v1/ledger/proofs/inclusion?hash=1").statusCode());
    assertEquals(400, fetch("/v1/ledger/proofs/inclusion").statusCode());
    assertEquals(404, fetch("/v1/ledger/proofs/inclusion?hash=" + "0".repeat(64)).statusCode());
    Optional<String> metric =
        new String(fetch("/metrics").body(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("skein_ledger_alarms_total{kind=\"split-view\"}"))
            .findFirst();
    assertEquals(Optional.of("skein_ledger_alarms_total{kind=\"split-view\"} 0.0"), metric);
  }

  private record Ran(int code, String out) {}

  private static boolean has(String program) {
    try {
      return run(List.of(program, program.equals("go") ? "version" : "--version")).code() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Ran run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOREIGN.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("GO111MODULE", "off");
    builder.environment().put("GOFLAGS", "");
    builder.environment().put("GOPATH", "/usr/share/gocode");
    builder.environment().put("GOCACHE", folder.resolve("go").toString());
    Process process = builder.start();
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Ran(process.exitValue(), Files.readString(out));
  }
}
