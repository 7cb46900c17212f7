package io.skein.ledger.sync;

import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import java.util.List;

/// What reconcilers say to each other; [SyncCodec] has the bytes.
sealed interface SyncMessage {
  /// Most heads in one message; longer vectors go in parts.
  int MAX_HEADS = 2_048;

  /// Most parts of a vector: 65,536 feeds in all.
  int MAX_PARTS = 32;

  /// Most heads passed on by hearsay.
  int MAX_HEARD = 256;

  /// Most hashes in one part of a cut feed.
  int MAX_HASHES = 8_192;

  /// Most feeds in one pull.
  int MAX_WANTS = 256;

  /// "The first eight bytes of my heads root are these."
  record Digest(long digest) implements SyncMessage {}

  /// "So are mine."
  record InSync(long digest) implements SyncMessage {}

  /// "Tell me your heads." The nonce comes back, so that an answer is known to be fresh.
  record Ask(long nonce) implements SyncMessage {}

  /// "These are my heads": all of them in `parts` parts, or, with 0 parts, some that are new.
  ///
  /// @param nonce of the question, 0 if nobody asked
  /// @param part from 0, in order
  record Heads(long nonce, int part, int parts, List<Entry> entries) implements SyncMessage {
    public Heads {
      entries = List.copyOf(entries);
    }

    boolean whole() {
      return parts > 0;
    }
  }

  /// One feed's head; seq 0 and a zero hash if nothing of it counts.
  ///
  /// @param frozenAt the first seq that does not count because of a fork; 0 if it is not frozen
  record Entry(FeedId feed, Head head, long frozenAt) {
    /// Of a feed that is not frozen.
    Entry(FeedId feed, Head head) {
      this(feed, head, 0);
    }

    boolean frozen() {
      return frozenAt > 0;
    }
  }

  /// "This author signed two histories": goes ahead of everything else.
  record Evidence(ForkProof proof) implements SyncMessage {}

  /// "Peers of mine say that they have these feeds, and I could not get them."
  record Heard(List<Entry> entries) implements SyncMessage {
    public Heard {
      entries = List.copyOf(entries);
    }
  }

  /// "Send me these feeds from there on", in this order.
  record Pull(long id, List<Want> wants) implements SyncMessage {
    public Pull {
      wants = List.copyOf(wants);
    }
  }

  /// A feed from a sequence number on.
  record Want(FeedId feed, long fromSeq) {}

  /// "Most of what you ask for is gone here": the answer to a pull from before a cut. A part of the
  /// hashes, with those records among them that stay, and in the last part the checkpoint behind
  /// the cut.
  ///
  /// @param size how many records the cut covers
  /// @param fromSeq the record that the first hash is of
  /// @param hashes 32 bytes each
  /// @param kept encoded records, in sequence
  record Pruned(long id, FeedId feed, long size, long fromSeq, byte[] hashes, List<byte[]> kept)
      implements SyncMessage {
    public Pruned {
      kept = List.copyOf(kept);
    }
  }

  /// Encoded records: the answer to a pull, or with id 0 a push.
  record Records(long id, List<byte[]> records) implements SyncMessage {
    public Records {
      records = List.copyOf(records);
    }
  }
}
