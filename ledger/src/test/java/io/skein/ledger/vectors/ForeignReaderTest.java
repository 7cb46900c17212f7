package io.skein.ledger.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `src/test/foreign/check.mjs`, which shares no code with this module, takes the vectors, and only
/// these.
final class ForeignReaderTest {
  private static final Path SCRIPT = Path.of("src/test/foreign/check.mjs");

  @TempDir Path folder;

  /// What a run ended with.
  record Outcome(int code, String output) {}

  @BeforeEach
  void needsNode() throws Exception {
    assumeTrue(
        nodeRuns(), "Node.js 18 or newer is not on the PATH (Debian: apt-get install nodejs)");
  }

  @Test
  void anotherImplementationAgreesWithEveryVector() throws Exception {
    Outcome outcome = run("node", SCRIPT.toString(), Vectors.FOLDER.toString());
    assertEquals(0, outcome.code(), outcome.output());
    int checks = Integer.parseInt(outcome.output().strip().split(" ")[0]);
    assertTrue(checks > 200, outcome.output());
  }

  @ParameterizedTest
  @CsvSource({
    "keys.json, nodeId",
    "records.json, seq",
    "records.json, signature",
    "records.json, hash",
    "records.json, keptCount",
    "records.json, keptRoot",
    "tree.json, root",
    "heads.json, epoch",
    "notes.json, cosignedAtSeconds",
    "admission.json, meshName",
    "segment.json, file",
    "receipts.json, leaf",
    "receipts.json, root",
    "proof.json, record",
    "tiles.json, entries",
    "witnesses.json, epoch",
    "directory.json, cut",
    "directory.json, kept",
    "directory.json, verified",
    "key-files.json, publicKey",
  })
  void itNoticesAChangedVector(String name, String field) throws Exception {
    for (String file : new Vectors().files().keySet()) {
      Files.copy(Vectors.FOLDER.resolve(file), folder.resolve(file));
    }
    String text = Files.readString(folder.resolve(name));
    String before = "\"" + field + "\": \"";
    int at = text.indexOf(before) + before.length();
    char other = text.charAt(at) == '7' ? '8' : '7';
    Files.writeString(folder.resolve(name), text.substring(0, at) + other + text.substring(at + 1));
    assertNotEquals(0, run("node", SCRIPT.toString(), folder.toString()).code());
  }

  private static boolean nodeRuns() throws InterruptedException {
    try {
      Outcome version = run("node", "--version");
      String number = version.output().strip().replaceFirst("^v", "").split("\\.")[0];
      return version.code() == 0 && Integer.parseInt(number) >= 18;
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end of " + List.of(command));
    }
    return new Outcome(process.exitValue(), output);
  }
}
