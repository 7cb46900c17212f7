package io.skein.ledger.cbor;

/// What a reader takes at most, so that a short message cannot cause much work.
///
/// @param maxBytes longest input, 1 or more
/// @param maxDepth deepest nesting of arrays, 1 to 64
/// @param maxItems most items in the whole input, arrays included, 1 or more
public record CborLimits(int maxBytes, int maxDepth, int maxItems) {
  /// Sixty-four KiB, depth 16, 16,384 items: what a record needs.
  public static final CborLimits RECORD = new CborLimits(65_536, 16, 16_384);

  /// @throws IllegalArgumentException if a limit is out of range
  public CborLimits {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
    }
    if (maxDepth < 1 || maxDepth > 64) {
      throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: 1 to 64)");
    }
    if (maxItems < 1) {
      throw new IllegalArgumentException("maxItems: " + maxItems + " (expected: >= 1)");
    }
  }
}
