package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a start does without, read off the classes that a node's process has used when it is up,
/// and what it leaves behind if it is killed then.
@Tag("process")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class NeedlessAtStartIT {
  @TempDir private Path folder;

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private Process node(Path loaded, Path ready) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dskein.ed25519=portable",
            "-Djava.io.tmpdir=" + temporary(),
            "-Xlog:class+load,class+init:file=" + loaded,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "up",
            "--name",
            "lean",
            "--data",
            folder.resolve("data").toString(),
            "--mesh",
            "127.0.0.1:0",
            "--forward",
            "127.0.0.1:0",
            "--api",
            "127.0.0.1:0",
            "--listen",
            "web=127.0.0.1:0",
            "--ready-file",
            ready.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  @Test
  void aStartReadsNoAuthoritiesAndNoXmlNeedsNoExactDecimalsAndLeavesNoFolderBehind()
      throws Exception {
    Files.createDirectory(temporary());
    Path loaded = folder.resolve("loaded");
    Path ready = folder.resolve("ready");
    Process node = node(loaded, ready);
    try {
      while (!Files.exists(ready)) {
        assertTrue(node.isAlive(), () -> text(folder.resolve("said")));
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } finally {
      node.destroyForcibly();
      node.waitFor();
    }
    String classes = text(loaded);
    assertTrue(classes.contains("io.skein.proxy.http.PeerServerTls "), "it listens for peers");
    assertFalse(classes.contains("sun.security.ssl.TrustStoreManager "), "authorities were read");
    assertFalse(classes.contains("SAXParserFactory "), "XML was read");
    assertTrue(classes.contains("Initializing 'io/skein/app/config/MeshTimers'"), "it has timers");
    assertFalse(
        classes.contains("Initializing 'java/math/BigDecimal'"), "exact decimals were used");
    try (Stream<Path> left = Files.list(temporary())) {
      assertEquals(
          List.of(),
          left.filter(each -> String.valueOf(each.getFileName()).startsWith("vertx")).toList());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
