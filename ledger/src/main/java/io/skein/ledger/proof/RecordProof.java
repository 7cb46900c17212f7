package io.skein.ledger.proof;

import io.skein.ledger.admission.Branches;
import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.admission.Roster;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.note.NoteException;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Everything that convinces somebody who has no ledger that a record is in its author's feed: the
/// record, its way to a root, the checkpoint that states the root, and the records by which the
/// mesh admitted the author and the witnesses. What has to be trusted is one thing: the mesh id, or
/// a key.
///
/// What it cannot show is what is missing: an author may have been revoked since.
///
/// Immutable; any thread. Nothing in it is believed before [#judge].
public final class RecordProof {
  /// Most records of admission.
  public static final int MAX_ADMISSION = 512;

  private final Hash meshId;
  private final byte[] record;
  private final InclusionProof inclusion;
  private final byte[] checkpoint;
  private final List<byte[]> admission;

  /// @param meshId which mesh the proof speaks of
  /// @param record the record as it is encoded
  /// @param inclusion its way to the checkpoint's root
  /// @param checkpoint the note
  /// @param admission encoded records: genesis, and for the author and each witness that is to
  ///   count the invite and the join; in any order
  /// @throws IllegalArgumentException if there are more than [#MAX_ADMISSION] of these
  public RecordProof(
      Hash meshId,
      byte[] record,
      InclusionProof inclusion,
      byte[] checkpoint,
      List<byte[]> admission) {
    if (admission.size() > MAX_ADMISSION) {
      throw new IllegalArgumentException(
          "admission: " + admission.size() + " records (expected: at most 512)");
    }
    this.meshId = meshId;
    this.record = record.clone();
    this.inclusion = inclusion;
    this.checkpoint = checkpoint.clone();
    this.admission = admission.stream().map(byte[]::clone).toList();
  }

  /// What somebody who judges a proof takes for granted.
  ///
  /// @param meshId the mesh's id
  /// @param key the key of the mesh's founder or of the record's author
  /// @param witnesses how many witnesses must have cosigned, 0 or more
  public record Trust(Optional<Hash> meshId, Optional<PublicKey> key, int witnesses) {}

  /// The steps of a judgement, in order.
  public enum Step {
    /// The genesis is that of the mesh, and the mesh the one that is trusted.
    MESH,
    /// Record by record the mesh admitted the author.
    ADMISSION,
    /// The record is the author's, by its signature.
    RECORD,
    /// The checkpoint is of the author's feed, by its signature.
    CHECKPOINT,
    /// The way from the record's hash leads to the checkpoint's root.
    INCLUSION,
    /// Enough members have cosigned the checkpoint.
    WITNESSES
  }

  /// The outcome.
  public sealed interface Judgement {
    /// Every step holds.
    ///
    /// @param mesh the mesh
    /// @param record the record
    /// @param head what the checkpoint states
    /// @param witnesses members who cosigned it
    /// @param branches through how many of the founder's guests these came, the founder itself and
    ///   such guests included: whoever is in can let in as many witnesses as it likes
    record Proven(
        MeshInfo mesh,
        SignedRecord record,
        TreeHead head,
        SortedSet<NodeId> witnesses,
        int branches)
        implements Judgement {
      public Proven {
        witnesses = Collections.unmodifiableSortedSet(new TreeSet<>(witnesses));
      }
    }

    /// One does not.
    ///
    /// @param step the first that fails
    /// @param reason a sentence
    record Failed(Step step, String reason) implements Judgement {}
  }

  /// Goes through all steps.
  public Judgement judge(Trust trust) {
    if (trust.meshId().isPresent() && !trust.meshId().get().equals(meshId)) {
      return failed(Step.MESH, "it is of mesh " + meshId + ", not of " + trust.meshId().get());
    }
    Roster roster = new Roster(meshId);
    for (byte[] encoded : admission) {
      if (!(SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord valid))) {
        return failed(Step.ADMISSION, "one of the records of admission is malformed");
      }
      roster.apply(valid);
    }
    Optional<MeshInfo> mesh = roster.mesh();
    if (mesh.isEmpty()) {
      return failed(Step.MESH, "there is no genesis with the hash " + meshId + ", the mesh's id");
    }
    return switch (SignedRecord.decode(record)) {
      case Decoded.Malformed(String reason) ->
          failed(Step.RECORD, "the record is malformed: " + reason);
      case Decoded.Valid(SignedRecord valid) -> judge(trust, roster, mesh.get(), valid);
    };
  }

  private Judgement judge(Trust trust, Roster roster, MeshInfo mesh, SignedRecord valid) {
    Optional<PublicKey> author = roster.keyOf(valid.author());
    if (author.isEmpty()) {
      return failed(
          Step.ADMISSION,
          "no chain of invites leads from the genesis to the author " + valid.author());
    }
    if (trust.key().isPresent()
        && !trust.key().equals(author)
        && !trust.key().equals(roster.keyOf(mesh.founder()))) {
      return failed(
          Step.MESH, "the trusted key is neither the mesh's founder's nor the record's author's");
    }
    if (!valid.isOf(meshId) || !valid.verifies(author.get())) {
      return failed(Step.RECORD, "the record is not signed by its author for this mesh");
    }
    if (valid.seq() - 1 != inclusion.index()) {
      return failed(
          Step.RECORD,
          "record " + valid.seq() + " of its feed cannot be leaf " + inclusion.index());
    }
    return judgeTree(trust, roster, mesh, valid, author.get());
  }

  private Judgement judgeTree(
      Trust trust, Roster roster, MeshInfo mesh, SignedRecord valid, PublicKey author) {
    CheckpointNote note;
    try {
      note = CheckpointNote.parse(checkpoint);
    } catch (NoteException e) {
      return failed(Step.CHECKPOINT, "the checkpoint is no such note: " + e.getMessage());
    }
    TreeHead head = note.head();
    if (!head.origin().meshId().equals(meshId) || !head.origin().feed().equals(valid.feed())) {
      return failed(Step.CHECKPOINT, "the checkpoint is of another feed: " + head.origin());
    }
    if (!note.signedBy(author)) {
      return failed(Step.CHECKPOINT, "the checkpoint is not signed by the feed's author");
    }
    if (head.size() != inclusion.size()) {
      return failed(
          Step.INCLUSION,
          "the proof is for a tree of "
              + inclusion.size()
              + " records, the checkpoint of "
              + head.size());
    }
    if (!inclusion.proves(valid.hash(), head.root())) {
      return failed(Step.INCLUSION, "the hashes do not lead from the record to the root");
    }
    List<PublicKey> members = new ArrayList<>();
    roster.members().forEach(member -> members.add(member.key()));
    SortedSet<NodeId> witnesses = note.cosignedBy(members);
    return witnesses.size() >= trust.witnesses()
        ? new Judgement.Proven(
            mesh, valid, head, witnesses, Branches.ofFoundersGuests(roster.snapshot(), witnesses))
        : failed(
            Step.WITNESSES,
            witnesses.size()
                + " members have cosigned the checkpoint (expected: "
                + trust.witnesses()
                + ")");
  }

  private static Judgement failed(Step step, String reason) {
    return new Judgement.Failed(step, reason);
  }

  /// The mesh it speaks of.
  public Hash meshId() {
    return meshId;
  }

  /// The record's encoding, as a copy.
  public byte[] record() {
    return record.clone();
  }

  /// The way to the root.
  public InclusionProof inclusion() {
    return inclusion;
  }

  /// The note, as a copy.
  public byte[] checkpoint() {
    return checkpoint.clone();
  }

  /// Encoded records of admission, as copies.
  public List<byte[]> admission() {
    return admission.stream().map(byte[]::clone).toList();
  }
}
