package io.skein.ledger.vectors;

import static io.skein.ledger.vectors.Json.hex;
import static io.skein.ledger.vectors.Json.object;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.Tile;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.Witnesses;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Test vectors of what is proved with trees: receipts, `proof.json`, tiles, who is a witness.
final class ProofVectors {
  private static final int TILE_RECORDS = 3;

  private final Samples samples;
  private final CheckpointNote note;

  ProofVectors(Samples samples) {
    this.samples = samples;
    this.note = Vectors.checkpoint(samples);
  }

  /// The receipts of one window, and the record that holds their root.
  Object receipts() {
    List<Hash> leaves = leaves();
    List<Object> receipts = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Receipt receipt = samples.receipts().get(i);
      receipts.add(
          object(
              "id",
              receipt.id().toString(),
              "receipt",
              Json.components(receipt),
              "leaf",
              hex(receipt.encode()),
              "hash",
              leaves.get(i).toString(),
              "index",
              i,
              "hashes",
              texts(Tree.inclusion(i, leaves))));
    }
    return object(
        "size",
        leaves.size(),
        "root",
        Tree.root(leaves).toString(),
        "record",
        samples.sample("receipts").hash().toString(),
        "receipts",
        receipts);
  }

  private List<Hash> leaves() {
    return samples.receipts().stream().map(receipt -> ReceiptProof.hash(receipt.encode())).toList();
  }

  private static List<Object> texts(List<Hash> hashes) {
    return List.copyOf(hashes.stream().map(Hash::toString).toList());
  }

  /// The proof of the receipts record, as a file.
  Object proof() {
    SignedRecord record = samples.sample("receipts");
    List<Object> admission = new ArrayList<>();
    admission().forEach(one -> admission.add(base64(one)));
    return object(
        "format",
        "skein-record-proof-1",
        "meshId",
        samples.meshId().toString(),
        "record",
        base64(record.encoded()),
        "index",
        (int) inclusion().index(),
        "size",
        (int) inclusion().size(),
        "hashes",
        texts(inclusion().hashes()),
        "checkpoint",
        new String(note.encoded(), StandardCharsets.UTF_8),
        "admission",
        admission);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private InclusionProof inclusion() {
    int size = (int) note.head().size();
    int index = (int) samples.sample("receipts").seq() - 1;
    return new InclusionProof(
        index, size, Tree.inclusion(index, samples.hashes().subList(0, size)));
  }

  private List<byte[]> admission() {
    List<byte[]> admission = new ArrayList<>();
    for (String name : List.of("genesis", "invite", "join")) {
      admission.add(samples.sample(name).encoded());
    }
    return admission;
  }

  /// The same as a value.
  RecordProof recordProof() {
    return new RecordProof(
        samples.meshId(),
        samples.sample("receipts").encoded(),
        inclusion(),
        note.encoded(),
        admission());
  }

  /// Paths of tiles, and the first records' tile of hashes and bundle of entries.
  Object tiles() {
    List<Object> paths = new ArrayList<>();
    for (Tile tile :
        List.of(
            new Tile(0, 0, 256),
            new Tile(0, 0, 3),
            new Tile(1, 255, 17),
            new Tile(0, 1_234_067, 256),
            new Tile(2, 999_999, 255))) {
      paths.add(
          object(
              "level",
              tile.level(),
              "index",
              (int) tile.index(),
              "width",
              tile.width(),
              "path",
              tile.path()));
    }
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    for (SignedRecord record : samples.founderFeed().subList(0, TILE_RECORDS)) {
      byte[] signed = record.signed();
      hashes.writeBytes(record.hash().toBytes());
      entries.writeBytes(ByteBuffer.allocate(2).putShort((short) signed.length).array());
      entries.writeBytes(signed);
    }
    return object(
        "paths", paths, "hashes", hex(hashes.toByteArray()), "entries", hex(entries.toByteArray()));
  }

  /// The witnesses of a feed among more members than are needed, each a branch of its own; and
  /// where some have guests, so that branches have more than one seat, or the author's own has
  /// some.
  Object witnesses() {
    List<NodeId> members = new ArrayList<>();
    samples.keys.values().stream().map(SigningKey::nodeId).forEach(members::add);
    for (int i = 0; members.size() < 9; i++) {
      members.add(new NodeId(i, i));
    }
    return object(
        "author",
        hex(samples.feed.author().toBytes()),
        "epoch",
        Long.toUnsignedString(samples.feed.epoch()),
        "members",
        nodes(members),
        "witnesses",
        nodes(witnesses(alone(members))),
        "branched",
        List.of(
            branched(members, members.get(1)),
            branched(members.subList(0, 4), members.get(1)),
            branched(members.subList(0, 3), samples.feed.author())));
  }

  private Object branched(List<NodeId> members, NodeId host) {
    Map<NodeId, NodeId> branches = alone(members);
    for (int i = 100; i < 104; i++) {
      branches.put(new NodeId(i, i), host);
    }
    return object(
        "members",
        nodes(List.copyOf(branches.keySet())),
        "branches",
        nodes(List.copyOf(branches.values())),
        "witnesses",
        nodes(witnesses(branches)));
  }

  private List<NodeId> witnesses(Map<NodeId, NodeId> branches) {
    return List.copyOf(Witnesses.of(samples.feed, branches));
  }

  private static Map<NodeId, NodeId> alone(List<NodeId> members) {
    Map<NodeId, NodeId> branches = new TreeMap<>();
    members.forEach(member -> branches.put(member, member));
    return branches;
  }

  private static List<Object> nodes(List<NodeId> nodes) {
    return List.copyOf(nodes.stream().map(node -> hex(node.toBytes())).toList());
  }
}
