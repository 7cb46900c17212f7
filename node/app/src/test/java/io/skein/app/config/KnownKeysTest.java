package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The documentation lists exactly what the binder knows.
final class KnownKeysTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z][^`]*)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|");

  @Test
  void theTableHasEveryKeyItsDefaultVariableAndFlag() throws IOException {
    Map<String, String> flags =
        CommandLineOverrides.keysByFlag().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    List<String> expected =
        ConfigLoader.knownKeys().stream()
            .map(key ->
                key.path()
                    + " "
                    + cell(key.fallback())
                    + " "
                    + cell(key.variable())
                    + " "
                    + cell(flags.getOrDefault(key.path(), "")))
            .toList();

    List<String> documented =
        Files.readAllLines(Path.of("CONFIGURATION.md")).stream()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3) + " " + row.group(4))
            .toList();

    assertEquals(String.join("\n", expected), String.join("\n", documented));
  }

  @Test
  void everyFlagSetsAKnownKey() {
    List<String> keys = ConfigLoader.knownKeys().stream().map(Binding.KnownKey::path).toList();

    assertTrue(keys.containsAll(CommandLineOverrides.keysByFlag().values()));
  }

  @Test
  void everyCodeIsListed() throws IOException {
    String text = Files.readString(Path.of("CONFIGURATION.md"));

    for (ConfigCode each : ConfigCode.values()) {
      assertTrue(text.contains("| " + each.code() + " | " + each.title() + " |"), each::code);
    }
  }

  private static String cell(String text) {
    return text.isEmpty() ? "-" : "`" + text + "`";
  }
}
