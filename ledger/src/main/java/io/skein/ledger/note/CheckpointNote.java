package io.skein.ledger.note;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Cosignature;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// A checkpoint as a note: a tree head, its author's signature, and witnesses' cosignatures. Any
/// node can make it from the records: signatures are Ed25519 and the same wherever they are
/// written. Immutable; any thread.
///
/// @param head what is stated
/// @param note the whole note, its text being the head's
public record CheckpointNote(TreeHead head, Note note) {
  private static final int STAMPED = Long.BYTES + PublicKey.SIGNATURE_BYTES;

  public CheckpointNote {
    if (!note.text().equals(head.text())) {
      throw new IllegalArgumentException("note: not the head's text");
    }
  }

  /// Puts a note together.
  ///
  /// @param author the author's key
  /// @param signature the author's under the note
  /// @param cosignatures under this head, by the key that made each
  public static CheckpointNote of(
      TreeHead head, PublicKey author, byte[] signature, Map<PublicKey, Cosignature> cosignatures) {
    List<NoteSignature> lines = new ArrayList<>();
    NoteKey key = NoteKey.author(head.origin().meshId(), head.origin().feed(), author);
    lines.add(new NoteSignature(key.name(), key.id(), signature));
    cosignatures.forEach((witness, cosignature) -> {
      NoteKey cosigner = NoteKey.cosigner(head.origin().meshId(), witness);
      byte[] stamped =
          ByteBuffer.allocate(STAMPED)
              .putLong(cosignature.timeSeconds())
              .put(cosignature.signature())
              .array();
      lines.add(new NoteSignature(cosigner.name(), cosigner.id(), stamped));
    });
    return new CheckpointNote(head, new Note(head.text(), lines));
  }

  /// Reads a checkpoint.
  ///
  /// @throws NoteException if it is no note or its text no tree head
  public static CheckpointNote parse(byte[] bytes) throws NoteException {
    Note note = Note.parse(bytes);
    return new CheckpointNote(TreeHead.parse(note.text()), note);
  }

  /// Whether the feed's author signed it; any signature in that key's name that fails counts
  /// against all.
  public boolean signedBy(PublicKey author) {
    NoteKey key = NoteKey.author(head.origin().meshId(), head.origin().feed(), author);
    List<NoteSignature> made = note.signatures().stream().filter(key::made).toList();
    return !made.isEmpty()
        && made.stream().allMatch(signature -> head.verifies(author, signature.bytes()));
  }

  /// Which of these keys' holders cosigned it. The author's own does not count.
  public SortedSet<NodeId> cosignedBy(Collection<PublicKey> witnesses) {
    SortedSet<NodeId> cosigners = new TreeSet<>();
    for (PublicKey witness : witnesses) {
      if (!witness.nodeId().equals(head.origin().feed().author()) && cosignedBy(witness)) {
        cosigners.add(witness.nodeId());
      }
    }
    return cosigners;
  }

  private boolean cosignedBy(PublicKey witness) {
    NoteKey key = NoteKey.cosigner(head.origin().meshId(), witness);
    List<NoteSignature> made = note.signatures().stream().filter(key::made).toList();
    return !made.isEmpty() && made.stream().allMatch(line -> stamped(line, witness));
  }

  private boolean stamped(NoteSignature line, PublicKey witness) {
    byte[] bytes = line.bytes();
    if (bytes.length != STAMPED) {
      return false;
    }
    long time = ByteBuffer.wrap(bytes).getLong();
    byte[] signature = Arrays.copyOfRange(bytes, Long.BYTES, STAMPED);
    return time >= 0 && witness.verifies(head.cosigned(time), signature);
  }

  /// The note as it is sent.
  public byte[] encoded() {
    return note.encoded();
  }
}
