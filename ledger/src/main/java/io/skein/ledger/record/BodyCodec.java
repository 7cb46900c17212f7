package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.ArrayList;
import java.util.List;

/// Bodies as CBOR arrays. The order of items is that of the records' components.
final class BodyCodec {
  static final int MAX_TYPE = 65_535;

  private BodyCodec() {}

  static boolean interprets(int type) {
    return switch (type) {
      case RecordType.GENESIS,
          RecordType.INVITE,
          RecordType.JOIN,
          RecordType.REVOKE,
          RecordType.EPOCH,
          RecordType.PERFORMANCE,
          RecordType.SERVICE,
          RecordType.HEAL,
          RecordType.EFFECT,
          RecordType.ROTATE,
          RecordType.RECEIPTS,
          RecordType.CHECKPOINT,
          RecordType.COSIGN,
          RecordType.FORK_PROOF,
          RecordType.SNAPSHOT,
          RecordType.CONTRACT,
          RecordType.EXPERIMENT ->
          true;
      default -> false;
    };
  }

  /// @throws IllegalArgumentException unless `content` is one item
  static void checkItem(byte[] content) {
    try {
      CborReader reader = new CborReader(content, CborLimits.RECORD);
      reader.item();
      reader.end();
    } catch (CborException e) {
      throw new IllegalArgumentException("content: " + e.getMessage(), e);
    }
  }

  static void write(Body body, CborWriter out) {
    switch (body) {
      case Body.Genesis genesis ->
          out.array(5)
              .text(genesis.meshName())
              .bytes(genesis.nonce())
              .integer(genesis.windowMillis())
              .bytes(genesis.publicKey().toBytes())
              .text(genesis.nodeName());
      case Body.Invite(PublicKey inviteKey, int uses, long expiresAtMillis) ->
          out.array(3).bytes(inviteKey.toBytes()).integer(uses).integer(expiresAtMillis);
      case Body.Join join ->
          out.array(4)
              .bytes(join.publicKey().toBytes())
              .bytes(join.inviteKey().toBytes())
              .bytes(join.proof())
              .text(join.nodeName());
      case Body.Revoke(NodeId subject, String reason) ->
          out.array(2).bytes(subject.toBytes()).text(reason);
      case Body.Epoch(PublicKey publicKey, long previousEpoch) ->
          out.array(2).bytes(publicKey.toBytes()).unsigned(previousEpoch);
      case Body.Performance performance -> writePerformance(performance, out);
      case Body.Service(ServiceChange change) -> ServiceChangeCodec.write(change, out);
      case Body.Contract(ContractChange change) -> ContractChangeCodec.write(change, out);
      case Body.Experiment experiment -> ExperimentCodec.write(experiment, out);
      case Body.Heal heal ->
          out.array(6)
              .text(heal.action())
              .text(heal.subject())
              .text(heal.subjectKind())
              .text(heal.diagnosis())
              .text(heal.evidence())
              .bytes(heal.cause().toBytes());
      case Body.Effect effect -> writeEffect(effect, out);
      case Body.Rotate rotate ->
          out.array(2).bytes(rotate.successor().toBytes()).bytes(rotate.proof());
      case Body.Receipts(long window, long count, Hash root) ->
          out.array(3).integer(window).integer(count).bytes(root.toBytes());
      case Body.Checkpoint checkpoint ->
          out.array(7)
              .integer(checkpoint.size())
              .bytes(checkpoint.root().toBytes())
              .bytes(checkpoint.headsRoot().toBytes())
              .bytes(checkpoint.repRoot().toBytes())
              .integer(checkpoint.keptCount())
              .bytes(checkpoint.keptRoot().toBytes())
              .bytes(checkpoint.noteSignature());
      case Body.Cosign cosign -> writeCosign(cosign, out);
      case ForkProof proof ->
          out.array(3)
              .bytes(proof.key().toBytes())
              .bytes(proof.first().encoded())
              .bytes(proof.second().encoded());
      case Body.Snapshot snapshot -> writeSnapshot(snapshot, out);
      case Body.Reserved reserved -> out.item(reserved.content());
    }
  }

  /// @param proofsAround how many fork-proofs the body's record lies in
  static Body read(int type, CborReader in, int proofsAround) throws CborException {
    return switch (type) {
      case RecordType.GENESIS -> {
        in.arrayOf(5);
        yield new Body.Genesis(
            in.text(Body.MAX_TEXT),
            in.bytesOf(Body.Genesis.NONCE_BYTES),
            in.integer(),
            key(in),
            in.text(Body.MAX_TEXT));
      }
      case RecordType.INVITE -> {
        in.arrayOf(3);
        yield new Body.Invite(key(in), count(in), in.integer());
      }
      case RecordType.JOIN -> {
        in.arrayOf(4);
        yield new Body.Join(
            key(in), key(in), in.bytesOf(PublicKey.SIGNATURE_BYTES), in.text(Body.MAX_TEXT));
      }
      case RecordType.REVOKE -> {
        in.arrayOf(2);
        yield new Body.Revoke(node(in), in.text(Body.MAX_TEXT));
      }
      case RecordType.EPOCH -> {
        in.arrayOf(2);
        yield new Body.Epoch(key(in), in.unsigned());
      }
      case RecordType.PERFORMANCE -> readPerformance(in);
      case RecordType.SERVICE -> new Body.Service(ServiceChangeCodec.read(in));
      case RecordType.CONTRACT -> new Body.Contract(ContractChangeCodec.read(in));
      case RecordType.EXPERIMENT -> ExperimentCodec.read(in);
      case RecordType.HEAL -> {
        in.arrayOf(6);
        yield new Body.Heal(
            in.text(Body.MAX_TEXT),
            in.text(Body.MAX_TEXT),
            in.text(Body.MAX_TEXT),
            in.text(Body.MAX_TEXT),
            in.text(Body.MAX_TEXT),
            hash(in));
      }
      case RecordType.EFFECT -> readEffect(in);
      case RecordType.ROTATE -> {
        in.arrayOf(2);
        yield new Body.Rotate(key(in), in.bytesOf(PublicKey.SIGNATURE_BYTES));
      }
      case RecordType.RECEIPTS -> {
        in.arrayOf(3);
        yield new Body.Receipts(in.integer(), in.integer(), hash(in));
      }
      case RecordType.CHECKPOINT -> {
        in.arrayOf(7);
        yield new Body.Checkpoint(
            in.integer(),
            hash(in),
            hash(in),
            hash(in),
            in.integer(),
            hash(in),
            in.bytesOf(PublicKey.SIGNATURE_BYTES));
      }
      case RecordType.COSIGN -> readCosign(in);
      case RecordType.FORK_PROOF -> {
        if (proofsAround >= ForkProof.MAX_NESTING) {
          throw new CborException(
              "expected fork-proofs at most " + ForkProof.MAX_NESTING + " deep");
        }
        in.arrayOf(3);
        yield new ForkProof(
            key(in), embedded(in, proofsAround + 1), embedded(in, proofsAround + 1));
      }
      case RecordType.SNAPSHOT -> readSnapshot(in);
      default -> new Body.Reserved(type, in.item());
    };
  }

  private static void writeEffect(Body.Effect effect, CborWriter out) {
    out.array(7)
        .bytes(effect.repair().toBytes())
        .text(effect.diagnosis())
        .text(effect.action())
        .text(effect.outcome())
        .integer(effect.seconds());
    for (EffectFigures each : List.of(effect.before(), effect.after())) {
      out.array(3).integer(each.requests()).integer(each.failed()).integer(each.latencyMicros());
    }
  }

  private static Body.Effect readEffect(CborReader in) throws CborException {
    in.arrayOf(7);
    return new Body.Effect(
        hash(in),
        in.text(Body.MAX_TEXT),
        in.text(Body.MAX_TEXT),
        in.text(Body.MAX_TEXT),
        count(in),
        effectFigures(in),
        effectFigures(in));
  }

  private static EffectFigures effectFigures(CborReader in) throws CborException {
    in.arrayOf(3);
    return new EffectFigures(in.integer(), in.integer(), in.integer());
  }

  private static void writeCosign(Body.Cosign cosign, CborWriter out) {
    out.array(cosign.cosignatures().size());
    for (Cosignature each : cosign.cosignatures()) {
      out.array(6)
          .bytes(each.feed().author().toBytes())
          .unsigned(each.feed().epoch())
          .integer(each.size())
          .bytes(each.root().toBytes())
          .integer(each.timeSeconds())
          .bytes(each.signature());
    }
  }

  private static Body.Cosign readCosign(CborReader in) throws CborException {
    List<Cosignature> cosignatures = new ArrayList<>();
    for (int left = in.array(Body.Cosign.MAX_COSIGNATURES); left > 0; left--) {
      in.arrayOf(6);
      cosignatures.add(
          new Cosignature(
              feed(in),
              in.integer(),
              hash(in),
              in.integer(),
              in.bytesOf(PublicKey.SIGNATURE_BYTES)));
    }
    return new Body.Cosign(cosignatures);
  }

  private static void writeSnapshot(Body.Snapshot snapshot, CborWriter out) {
    out.array(snapshot.cuts().size());
    for (Cut cut : snapshot.cuts()) {
      out.array(4)
          .bytes(cut.feed().author().toBytes())
          .unsigned(cut.feed().epoch())
          .integer(cut.size())
          .bytes(cut.root().toBytes());
    }
  }

  private static Body.Snapshot readSnapshot(CborReader in) throws CborException {
    List<Cut> cuts = new ArrayList<>();
    for (int left = in.array(Body.Snapshot.MAX_CUTS); left > 0; left--) {
      in.arrayOf(4);
      cuts.add(new Cut(feed(in), in.integer(), hash(in)));
    }
    return new Body.Snapshot(cuts);
  }

  private static SignedRecord embedded(CborReader in, int proofsAround) throws CborException {
    return switch (SignedRecord.decode(in.bytes(SignedRecord.MAX_ORDINARY_BYTES), proofsAround)) {
      case Decoded.Valid(SignedRecord record) -> record;
      case Decoded.Malformed(String reason) ->
          throw new CborException("record in a fork-proof: " + reason);
    };
  }

  private static FeedId feed(CborReader in) throws CborException {
    NodeId author = node(in);
    return new FeedId(author, in.unsigned());
  }

  private static Hash hash(CborReader in) throws CborException {
    return Hash.of(in.bytesOf(Hash.BYTES));
  }

  private static void writePerformance(Body.Performance performance, CborWriter out) {
    out.array(3).integer(performance.window()).array(performance.endpoints().size());
    for (EndpointOutcome outcome : performance.endpoints()) {
      out.array(5)
          .text(outcome.endpoint())
          .integer(outcome.good())
          .integer(outcome.bad())
          .integer(outcome.p50Micros())
          .integer(outcome.p99Micros());
    }
    out.array(performance.peers().size());
    for (PeerOutcome outcome : performance.peers()) {
      out.array(4)
          .bytes(outcome.peer().toBytes())
          .integer(outcome.good())
          .integer(outcome.bad())
          .bytes(outcome.acknowledgement());
    }
  }

  private static Body.Performance readPerformance(CborReader in) throws CborException {
    in.arrayOf(3);
    long window = in.integer();
    List<EndpointOutcome> endpoints = new ArrayList<>();
    for (int left = in.array(SignedRecord.MAX_BYTES); left > 0; left--) {
      in.arrayOf(5);
      endpoints.add(
          new EndpointOutcome(
              in.text(Body.MAX_TEXT), count(in), count(in), in.integer(), in.integer()));
    }
    List<PeerOutcome> peers = new ArrayList<>();
    for (int left = in.array(SignedRecord.MAX_BYTES); left > 0; left--) {
      in.arrayOf(4);
      peers.add(
          new PeerOutcome(node(in), count(in), count(in), in.bytes(PublicKey.SIGNATURE_BYTES)));
    }
    return new Body.Performance(window, endpoints, peers);
  }

  private static int count(CborReader in) throws CborException {
    return (int) in.integer(0, Integer.MAX_VALUE);
  }

  static NodeId node(CborReader in) throws CborException {
    return NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0);
  }

  private static PublicKey key(CborReader in) throws CborException {
    return PublicKey.of(in.bytesOf(PublicKey.BYTES));
  }
}
