package io.skein.app.config;

import io.skein.app.config.ConfigChange.Effect;
import java.util.List;

/// Which keys may change while a node runs.
final class Reloadable {
  /// Who the node is, where its data lie, where peers and operators reach it, and what is decided
  /// once for the life of a process.
  private static final List<String> RESTART =
      List.of("node", "mesh", "api", "receipts", "tracing", "metrics", "log.format");

  /// Of these, what only a start reads.
  private static final List<String> AT_START =
      List.of(
          "mesh.seeds",
          "mesh.token",
          "mesh.token-file",
          "mesh.invite-file",
          "mesh.name",
          "mesh.window");

  private Reloadable() {}

  static Effect effect(String key) {
    if (AT_START.stream().anyMatch(each -> within(key, each))) {
      return Effect.AT_START;
    }
    return RESTART.stream().anyMatch(each -> within(key, each)) ? Effect.RESTART : Effect.NOW;
  }

  private static boolean within(String key, String section) {
    return key.equals(section) || key.startsWith(section + ".") || key.startsWith(section + "[");
  }
}
