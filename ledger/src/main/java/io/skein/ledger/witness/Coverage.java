package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// A checkpoint that covers a record, and who witnessed it. Everything in it was verified.
/// Immutable; any thread.
///
/// @param checkpoint the checkpoint's record
/// @param cosignatures valid ones of the feed's witnesses
public record Coverage(SignedRecord checkpoint, SortedMap<NodeId, Cosignature> cosignatures) {
  /// @throws IllegalArgumentException if the record is no checkpoint
  public Coverage {
    if (!(checkpoint.body() instanceof Body.Checkpoint)) {
      throw new IllegalArgumentException("checkpoint: is " + checkpoint.body().typeName());
    }
    cosignatures = Collections.unmodifiableSortedMap(new TreeMap<>(cosignatures));
  }

  /// What the record says.
  public Body.Checkpoint statement() {
    return (Body.Checkpoint) checkpoint.body();
  }

  /// How many witnesses cosigned.
  public int count() {
    return cosignatures.size();
  }

  /// Whether enough did.
  public boolean witnessed() {
    return count() >= Witnesses.QUORUM;
  }

  /// The tree head that was signed.
  public TreeHead head(Hash meshId) {
    return TreeHead.of(meshId, checkpoint.feed(), statement().size(), statement().root());
  }

  /// The note with all signatures; empty if `keyOf` does not know the author.
  public Optional<CheckpointNote> note(Hash meshId, Function<NodeId, Optional<PublicKey>> keyOf) {
    Map<PublicKey, Cosignature> byKey = new LinkedHashMap<>();
    cosignatures.forEach(
        (node, cosignature) -> keyOf.apply(node).ifPresent(key -> byKey.put(key, cosignature)));
    return keyOf
        .apply(checkpoint.author())
        .map(author -> CheckpointNote.of(head(meshId), author, statement().noteSignature(), byKey));
  }
}
