package io.skein.api.view;

/// How far a record has come: in its author's log, in the logs of others, under a checkpoint that
/// others have signed.
///
/// @param level the highest rung reached: `local`, `replicated` or `witnessed`
/// @param replicas other nodes, alive now, that are known to hold it durably
/// @param witnesses nodes that have cosigned a checkpoint which covers it
public record Ladder(String level, int replicas, int witnesses) {
  /// Durable in its author's log, and nobody else is known to have it.
  public static final Ladder LOCAL = new Ladder("local", 0, 0);

  public Ladder {
    if (replicas < 0 || witnesses < 0) {
      throw new IllegalArgumentException(
          "replicas, witnesses: " + replicas + ", " + witnesses + " (expected: >= 0)");
    }
  }

  /// The rung in one word: `local`, `replicated(2)`, `witnessed(3)`.
  public String text() {
    return switch (level) {
      case "replicated" -> "replicated(" + replicas + ")";
      case "witnessed" -> "witnessed(" + witnesses + ")";
      default -> level;
    };
  }
}
