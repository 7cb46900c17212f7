package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// All cases of h2spec 2.2.0, the strict ones too, against a public listener.
@Tag("net")
@Tag("nightly-too")
@Timeout(120)
class H2SpecIT {
  private static final String BINARY = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) tests, (\\d+) passed, (\\d+) skipped, (\\d+) failed");

  private static final Pattern FAILURE = Pattern.compile("× \\d+: (.*)");

  @TempDir Path folder;

  @Test
  void failsNothing() throws Exception {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(system.equals("Linux amd64"), "h2spec is there for Linux on amd64 only");
    Path binary = unpack();
    try (Endpoint endpoint = new Endpoint(H2SpecIT::answerTheWhole);
        Rig rig = Rig.before(endpoint)) {
      Path said = folder.resolve("said");
      List<String> command =
          new ArrayList<>(List.of(binary.toString(), "-S", "-h", "127.0.0.1", "-o", "3", "-p"));
      command.add(Integer.toString(rig.port));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertTrue(process.waitFor(100, TimeUnit.SECONDS), "h2spec did not finish");
      String report = Files.readString(said, StandardCharsets.UTF_8);
      Matcher summary = SUMMARY.matcher(report);
      assertTrue(summary.find(), report);
      System.out.println("nightly: h2spec 2.2.0, strict: " + summary.group());
      assertEquals("146", summary.group(1), report);
      assertEquals("0", summary.group(3), report);
      Set<String> failed = new TreeSet<>();
      Matcher failure = FAILURE.matcher(report);
      while (failure.find()) {
        failed.add(failure.group(1));
      }
      assertEquals(Integer.parseInt(summary.group(4)), failed.size(), report);
      assertEquals(Set.of(), failed, report);
    }
  }

  /// An answer before the request's end might overtake what the proxy says of that end.
  private static void answerTheWhole(String head, Endpoint.Conversation c) throws IOException {
    if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
      int size;
      do {
        size = Integer.parseInt(c.readUntil("\r\n").strip(), 16);
        c.read(size == 0 ? 0 : size + 2);
      } while (size > 0);
      while (!c.readUntil("\r\n").isBlank()) {
        // trailers
      }
    }
    c.send(Endpoint.ok("x".repeat(2_000)));
  }

  private Path unpack() throws IOException, InterruptedException {
    File archive = folder.resolve("h2spec.tar.gz").toFile();
    try (InputStream in = H2SpecIT.class.getResourceAsStream(BINARY)) {
      assertTrue(in != null, "no h2spec on the class path");
      Files.copy(in, archive.toPath());
    }
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.getPath(), "-C", folder.toString()).start();
    assertEquals(0, tar.waitFor());
    return folder.resolve("h2spec");
  }
}
