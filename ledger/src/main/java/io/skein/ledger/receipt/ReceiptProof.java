package io.skein.ledger.receipt;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;

/// That a node stated in its feed what it did with a request: the leaf, its way to the root, and
/// the proof of the record that holds the root. Any thread.
public final class ReceiptProof {
  private final byte[] leaf;
  private final InclusionProof inclusion;
  private final RecordProof record;

  /// The steps of the judgement, in their order.
  public enum Step {
    /// The leaf is one, of the receipt that was asked for.
    LEAF,
    /// The record with the root is proved, as [RecordProof] says.
    RECORD,
    /// The record states the root of a tree of this size.
    ROOT,
    /// The way from the leaf leads to that root.
    INCLUSION
  }

  /// The outcome.
  public sealed interface Judgement {
    /// Every step holds.
    ///
    /// @param receipt what the leaf says
    /// @param body what the record says
    /// @param record the record's proof
    record Proven(Receipt receipt, Body.Receipts body, RecordProof.Judgement.Proven record)
        implements Judgement {}

    /// One does not.
    ///
    /// @param step the first that fails
    /// @param reason a sentence
    record Failed(Step step, String reason) implements Judgement {}
  }

  /// @param leaf the encoded receipt, [#MAX_LEAF_BYTES] at most
  /// @param inclusion its place in its window's tree
  /// @param record the proof of the record with the root
  public ReceiptProof(byte[] leaf, InclusionProof inclusion, RecordProof record) {
    this.leaf = leaf.clone();
    this.inclusion = inclusion;
    this.record = record;
  }

  /// Longest leaf that can be one.
  public static final int MAX_LEAF_BYTES = Receipt.MAX_BYTES;

  /// Goes through all steps.
  ///
  /// @param id the receipt that it shall be of
  public Judgement judge(ReceiptId id, RecordProof.Trust trust) {
    Receipt receipt;
    try {
      receipt = Receipt.decode(leaf);
    } catch (CborException e) {
      return new Judgement.Failed(Step.LEAF, "the leaf is malformed: " + e.getMessage());
    }
    if (!receipt.id().equals(id)) {
      return new Judgement.Failed(Step.LEAF, "it is the receipt " + receipt.id() + ", not " + id);
    }
    return switch (record.judge(trust)) {
      case RecordProof.Judgement.Failed(RecordProof.Step step, String reason) ->
          new Judgement.Failed(
              Step.RECORD, step.name().toLowerCase(java.util.Locale.ROOT) + ": " + reason);
      case RecordProof.Judgement.Proven proven ->
          proven.record().body() instanceof Body.Receipts body
              ? judge(receipt, body, proven)
              : new Judgement.Failed(
                  Step.ROOT,
                  "the record is of type " + proven.record().body().typeName() + ", not receipts");
    };
  }

  private Judgement judge(
      Receipt receipt, Body.Receipts body, RecordProof.Judgement.Proven proven) {
    if (body.count() != inclusion.size()) {
      return new Judgement.Failed(
          Step.ROOT,
          "the record states "
              + body.count()
              + " receipts, the proof is for a tree of "
              + inclusion.size());
    }
    return inclusion.proves(hash(leaf), body.root())
        ? new Judgement.Proven(receipt, body, proven)
        : new Judgement.Failed(
            Step.INCLUSION, "the hashes do not lead from the leaf to the record's root");
  }

  /// The hash of an encoded leaf: SHA-256(0x00 ‖ leaf).
  public static Hash hash(byte[] leaf) {
    return new Hashing().leaf(leaf);
  }
}
