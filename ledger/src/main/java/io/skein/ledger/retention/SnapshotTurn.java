package io.skein.ledger.retention;

/// Whose turn it is to propose a snapshot, agreed without talking. The live member of rank 0
/// proposes at its first look that finds one worth writing; the member of rank r when it has found
/// one in r times `looksEach` looks more, one after the other, and nobody's has come. So a member
/// that cannot write, or whose own limits let nothing go, keeps nobody else from pruning, and in
/// the ordinary case there is one proposal.
///
/// Two that propose at about the same time do no harm: of each feed the larger cut counts. Confined
/// to one thread.
public final class SnapshotTurn {
  /// Ranks from this one on wait as long as it does, so that the last does not wait for ever.
  public static final int RANKS = 8;

  private final int looksEach;
  private int looks;

  /// @param looksEach looks that each rank waits for the one before it, 1 or more: longer than a
  ///   record takes to all. Fewer: proposals that nobody needs. More: old records stay for longer
  ///   where the first cannot write.
  /// @throws IllegalArgumentException if there are none
  public SnapshotTurn(int looksEach) {
    if (looksEach < 1) {
      throw new IllegalArgumentException("looksEach: " + looksEach + " (expected: 1 or more)");
    }
    this.looksEach = looksEach;
  }

  /// Another look. Whoever has had its turn waits `looksEach` looks before the next one: its record
  /// may still be on the way to the disk.
  ///
  /// @param rank among the live members, 0 for the first; −1: none of them
  /// @param proposes whether this node has something to propose and could write it now
  /// @return whether it should
  public boolean look(int rank, boolean proposes) {
    if (rank < 0 || !proposes) {
      looks = Math.min(looks, 0);
      return false;
    }
    if (looks < Math.min(rank, RANKS) * looksEach) {
      looks++;
      return false;
    }
    looks = -looksEach;
    return true;
  }
}
