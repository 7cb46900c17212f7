package io.skein.ledger.log;

/// Why a store takes nothing just now.
///
/// @param kind what did not work
/// @param reason for people, with the file
public record StorageFailure(Kind kind, String reason) {
  /// What did not work.
  public enum Kind {
    /// Writing, or creating a file or folder: most often the disk is full.
    WRITE,
    /// Forcing: what was written may be lost, whatever can still be read of it.
    FORCE,
    /// Reading what nobody else can bring again: hashes, or what a cut kept.
    READ
  }
}
