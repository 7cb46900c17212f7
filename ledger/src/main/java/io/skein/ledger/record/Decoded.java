package io.skein.ledger.record;

/// What [SignedRecord#decode] made of some bytes.
public sealed interface Decoded {
  /// A well-formed record. Its signature has **not** been checked: [SignedRecord#verifies] does.
  record Valid(SignedRecord record) implements Decoded {}

  /// Not a record.
  ///
  /// @param reason why, for people; never quotes the bytes
  record Malformed(String reason) implements Decoded {}
}
