package io.skein.ledger.log;

import io.skein.ledger.record.FeedId;
import java.nio.file.Path;

/// A place in a data directory that does not hold what it should.
///
/// @param feed the feed the file belongs to
/// @param seq the first sequence number that the damage makes unreadable
/// @param file the segment, where it lay when it was read
/// @param offset where in the file the damage starts, in bytes
/// @param kind what sort of damage
/// @param reason for people
public record Damage(FeedId feed, long seq, Path file, long offset, Kind kind, String reason) {
  /// Sorts of damage.
  public enum Kind {
    /// Unreadable bytes at the very end of a feed: what a crash in the middle of a write leaves.
    TORN_TAIL,
    /// An unreadable frame with readable ones behind it, or in a segment that is not the last.
    BAD_FRAME,
    /// A readable record that does not continue its feed's chain, or whose signature is wrong.
    BAD_RECORD,
    /// Records are missing before this place.
    GAP,
    /// What was kept of the records before a cut, or their hashes, is not what was kept: the feed
    /// is fetched again.
    BAD_CUT
  }

  /// One line: `feed … seq 7 file … offset 1234: checksum mismatch`.
  @Override
  public String toString() {
    return "feed "
        + feed
        + " seq "
        + seq
        + " file "
        + file
        + " offset "
        + offset
        + ": "
        + reason
        + " ("
        + kind
        + ")";
  }
}
