package io.skein.ledger.log;

import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;

/// What became of a record offered to [Ledger#accept].
public sealed interface Acceptance {
  /// It continues its feed; durable and visible after the next commit.
  record Accepted(SignedRecord record) implements Acceptance {}

  /// The ledger has it.
  record Duplicate(SignedRecord record) implements Acceptance {}

  /// Records of its feed are missing before it.
  ///
  /// @param expectedSeq the first that is missing
  record Gap(FeedId feed, long expectedSeq) implements Acceptance {}

  /// It cannot be judged or taken in now: offer it again. Its author, or the invite it joins by, is
  /// not known before the ledger has grown; or this node's own disk refuses.
  ///
  /// @param reason for people
  /// @param ownDisk whether that is the disk's fault
  record NotYet(FeedId feed, String reason, boolean ownDisk) implements Acceptance {
    static NotYet unknown(FeedId feed, String reason) {
      return new NotYet(feed, reason, false);
    }

    static NotYet ofOwnDisk(FeedId feed, String reason) {
      return new NotYet(feed, "storage: " + reason, true);
    }
  }

  /// It will not enter.
  ///
  /// @param detail for people
  record Refused(Refusal reason, String detail) implements Acceptance {}

  /// It contradicts a record of its author that the ledger has. Both are kept and the feed is
  /// frozen.
  record Forked(SignedRecord held, SignedRecord other) implements Acceptance {}
}
