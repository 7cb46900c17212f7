package io.skein.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Texts that the client and the node's own main share.
public final class HelpText {
  /// Verbs that the launcher gives to other programs than the client.
  public static final List<String> RUN_VERBS =
      List.of("up", "demo", "check", "config", "simulate", "chaos");

  private HelpText() {}

  /// What `skein` alone prints.
  public static String topLevel() {
    return resource("help.txt");
  }

  /// The version of this program.
  public static String version() {
    return resource("version.txt").strip();
  }

  /// The explanation of a configuration code such as `SK1004`, in any case.
  public static Optional<String> code(String code) {
    String wanted = code.toUpperCase(Locale.ROOT) + ": ";
    for (String entry : resource("codes.txt").split("(?m)^(?=SK[0-9]{4}: )", -1)) {
      if (entry.startsWith(wanted)) {
        return Optional.of(entry.strip() + "\n");
      }
    }
    return Optional.empty();
  }

  private static String resource(String name) {
    try (InputStream in = HelpText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
