package io.skein.chaos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.agent.SlowSync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentJarTest {
  private static final int DELAY_MILLIS = 120;

  @TempDir private Path folder;

  /// Another JVM: writes three times into a file, with a sync each, and says how many milliseconds
  /// the fastest one took.
  static final class Syncing {
    private Syncing() {}

    public static void main(String[] words) throws IOException {
      long fastest = Long.MAX_VALUE;
      try (FileChannel file =
          FileChannel.open(
              Path.of(words[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (int i = 0; i < 3; i++) {
          file.write(ByteBuffer.wrap(new byte[] {1}));
          long began = System.nanoTime();
          file.force(false);
          fastest = Math.min(fastest, System.nanoTime() - began);
        }
      }
      System.out.print(fastest / 1_000_000);
    }
  }

  private long fastestMillis() throws Exception {
    Path jar = folder.resolve("agent.jar");
    AgentJar.write(jar);
    List<String> words = new ArrayList<>(Distribution.java(Syncing.class));
    words.add(1, "-javaagent:" + jar + "=" + folder);
    words.add(folder.resolve("written").toString());
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int exit = process.waitFor();
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertEquals(0, exit, said);
    return Long.parseLong(said);
  }

  @Test
  void aJvmWithTheAgentWaitsBeforeEachSyncAndCountsThem() throws Exception {
    Files.writeString(SlowSync.delay(folder), Integer.toString(DELAY_MILLIS));

    long fastest = fastestMillis();

    assertTrue(fastest >= DELAY_MILLIS, () -> fastest + " ms");
    assertEquals(3, SlowSync.number(SlowSync.delayed(folder)));
  }

  @Test
  void withoutADelayNothingWaits() throws Exception {
    fastestMillis();

    assertEquals(0, SlowSync.number(SlowSync.delayed(folder)));
  }
}
