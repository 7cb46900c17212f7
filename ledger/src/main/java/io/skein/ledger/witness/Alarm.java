package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.List;

/// Signed statements that cannot all be true, with the records that make them. Immutable.
public sealed interface Alarm {
  /// All kinds.
  List<String> KINDS =
      List.of("wrong-root", "wrong-kept", "wrong-note", "split-view", "reputation-differs");

  /// Its kind in metrics and events, one of [#KINDS].
  String kind();

  /// Whose statement it is about.
  NodeId subject();

  /// What happened, in a sentence.
  String text();

  /// An author's checkpoint states another root than its own feed has.
  ///
  /// @param checkpoint the record
  /// @param held the root of the feed as held here, at the checkpoint's size
  record WrongRoot(SignedRecord checkpoint, Hash held) implements Alarm {
    @Override
    public String kind() {
      return "wrong-root";
    }

    @Override
    public NodeId subject() {
      return checkpoint.author();
    }

    @Override
    public String text() {
      return checkpoint + " states a root that its feed does not have";
    }
  }

  /// An author's checkpoint commits to other records that stay than its own feed has.
  ///
  /// @param checkpoint the record
  /// @param held those of the feed as held here
  record WrongKept(SignedRecord checkpoint, KeptRecords held) implements Alarm {
    @Override
    public String kind() {
      return "wrong-kept";
    }

    @Override
    public NodeId subject() {
      return checkpoint.author();
    }

    @Override
    public String text() {
      return checkpoint + " commits to other records that stay than its feed has";
    }
  }

  /// The signature of the note inside a checkpoint is not its author's.
  ///
  /// @param checkpoint the record
  record WrongNote(SignedRecord checkpoint) implements Alarm {
    @Override
    public String kind() {
      return "wrong-note";
    }

    @Override
    public NodeId subject() {
      return checkpoint.author();
    }

    @Override
    public String text() {
      return checkpoint + " holds a note that its author did not sign";
    }
  }

  /// A witness has seen a feed with another root at the same size: its author shows different
  /// records to different nodes, or the witness is wrong.
  ///
  /// @param feed whose
  /// @param size at which size
  /// @param held the root of the feed as held here
  /// @param seen the root that the witness signed
  /// @param cosign the witness's record
  record SplitView(FeedId feed, long size, Hash held, Hash seen, SignedRecord cosign)
      implements Alarm {
    @Override
    public String kind() {
      return "split-view";
    }

    @Override
    public NodeId subject() {
      return feed.author();
    }

    @Override
    public String text() {
      return "feed "
          + feed
          + " has another root at "
          + size
          + " here than "
          + cosign.author()
          + " signed in "
          + cosign;
    }
  }

  /// Two nodes hold the same records and compute different reputations.
  ///
  /// @param headsRoot the root of the heads both held
  /// @param one who stated the first
  /// @param oneRoot its root of reputations
  /// @param other who stated the second
  /// @param otherRoot its root
  record ReputationDiffers(Hash headsRoot, NodeId one, Hash oneRoot, NodeId other, Hash otherRoot)
      implements Alarm {
    @Override
    public String kind() {
      return "reputation-differs";
    }

    @Override
    public NodeId subject() {
      return other;
    }

    @Override
    public String text() {
      return one
          + " and "
          + other
          + " compute different reputations from the same records (heads "
          + headsRoot
          + ")";
    }
  }
}
