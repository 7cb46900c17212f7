package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the sources say, loading answers; whatever it accepts, the records accept.
final class ConfigPropertyTest {
  private static final List<String> SCRAPS =
      List.of(
          "{}",
          "[]",
          ": ",
          "- ",
          "\n",
          "  ",
          "\"",
          "'",
          "${X}",
          "$",
          "&a ",
          "*a",
          "!!int ",
          "|",
          "#",
          "0",
          "-1",
          "1e9",
          "10s",
          "name",
          "null",
          "~",
          "0.0.0.0:0",
          "[::1]:1",
          "é",
          "\u0000",
          "---",
          "<<: ",
          "? ",
          "true");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void brokenFilesAreAnswered(long seed) throws IOException {
    Random random = new Random(seed);
    Path file = directory.resolve("skein.yaml");
    String whole = example();
    for (int round = 0; round < 150; round++) {
      StringBuilder text = new StringBuilder(whole);
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + random.nextInt(12));
        text.replace(at, to, SCRAPS.get(random.nextInt(SCRAPS.size())));
      }
      Files.writeString(file, text);

      ConfigOutcome outcome =
          ConfigLoader.load(
              Optional.of(file), Map.of("HOSTNAME", "box"), CommandLineOverrides.NONE);

      if (outcome instanceof ConfigOutcome.Invalid invalid) {
        assertTrue(invalid.render().endsWith(". Nothing was started.\n"));
        assertFalse(ConfigProblem.toJson(invalid.problems()).items().isEmpty());
      }
    }
  }

  @Test
  void theExampleOfTheDocumentationIsValid() throws IOException {
    Path file = Files.writeString(directory.resolve("skein.yaml"), example());

    ConfigOutcome outcome =
        ConfigLoader.load(Optional.of(file), Map.of(), CommandLineOverrides.NONE);

    assertTrue(outcome instanceof ConfigOutcome.Loaded, outcome::toString);
  }

  @Test
  void tooManyListenersAreAProblem() {
    List<String> flags = new ArrayList<>();
    for (int i = 0; i <= ListenerConfig.MAX; i++) {
      flags.add("--listen=127.0.0.1:" + (20_000 + i));
    }

    ConfigOutcome outcome =
        ConfigLoader.load(Optional.empty(), Map.of(), CommandLineOverrides.parse(flags));

    assertTrue(
        outcome instanceof ConfigOutcome.Invalid invalid
            && invalid.render().contains("65 items; expected at most 64"));
  }

  @Test
  void theHelpOfUpNamesEveryFlag() {
    for (String flag : CommandLineOverrides.keysByFlag().keySet()) {
      assertTrue(CommandLineOverrides.helpText().contains("  " + flag + " "), flag);
    }
  }

  @Test
  void recordsRefuseWhatTheBinderRefuses() {
    HostPort address = new HostPort("127.0.0.1", 1);
    Duration second = Duration.ofSeconds(1);
    refuses(() -> new IdentityConfig("a b", "r", "", Path.of("d"), Optional.empty()));
    refuses(() -> new IdentityConfig("a", "R", "", Path.of("d"), Optional.empty()));
    refuses(() -> new MeshTimers(second, second, second, second));
    refuses(() -> new ApiConfig(new HostPort("0.0.0.0", 1), false));
    refuses(() -> new ListenerConfig("A", address, false));
    refuses(() -> new HealthConfig("x", second, second));
    refuses(() -> new HealthConfig("/x", second, Duration.ofSeconds(2)));
    refuses(() ->
        new EndpointConfig(
            "e", URI.create("ftp://a:1"), EndpointConfig.Owner.SELF, "eu", 1, 1_000));
    refuses(() ->
        new EndpointConfig(
            "e", URI.create("http://a:1"), EndpointConfig.Owner.SELF, "eu", 0, 1_000));
    refuses(() -> new ProxyConfig.Timeouts(Duration.ZERO, second, second));
    refuses(() -> new ProxyConfig.Locality(0.6, true));
    refuses(() ->
        new ProxyConfig(
            ProxyConfig.Timeouts.DEFAULT,
            Double.NaN,
            ProxyConfig.Locality.DEFAULT,
            ProxyConfig.Clients.DEFAULT,
            ProxyConfig.Http2.DEFAULT));
    refuses(() -> new DrainConfig(Duration.ZERO, Duration.ofSeconds(-1)));
    refuses(() -> new HostPort("a", 65_536));
    refuses(() -> new Secret(" "));
    refuses(() ->
        new ServiceConfig(
            "s", RoutingPolicy.SKEIN, List.of("A"), "/", Optional.empty(), second, List.of()));
    refuses(() ->
        new MeshConfig(
            address,
            Optional.of(new HostPort("0.0.0.0", 1)),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            address,
            "m",
            second,
            true,
            MeshTimers.DEFAULT));
  }

  private static void refuses(Executable constructor) {
    assertThrows(ConfigMistake.class, constructor);
  }

  /// The whole configuration that the documentation shows.
  private static String example() throws IOException {
    String text = Files.readString(Path.of("CONFIGURATION.md"));
    String[] parts = text.substring(text.indexOf("## An example")).split("```yaml\n", -1);
    assertEquals(2, parts.length);
    return parts[1].substring(0, parts[1].indexOf("```"));
  }
}
