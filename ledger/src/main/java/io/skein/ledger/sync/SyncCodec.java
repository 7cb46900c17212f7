package io.skein.ledger.sync;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncMessage.Entry;
import io.skein.ledger.sync.SyncMessage.Want;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Messages as deterministic CBOR: `[1, mesh tag, kind, …]`. The tag is the first eight bytes of
/// the mesh id: messages of another mesh are refused before anything of them is read.
final class SyncCodec {
  /// Longest message in bytes: a full batch of records and one record that runs over.
  static final int MAX_BYTES = 1 << 20;

  private static final int VERSION = 1;
  private static final CborLimits LIMITS = new CborLimits(MAX_BYTES, 4, 16_384);
  private static final int DIGEST = 1;
  private static final int IN_SYNC = 2;
  private static final int ASK = 3;
  private static final int HEADS = 4;
  private static final int PULL = 5;
  private static final int RECORDS = 6;
  private static final int EVIDENCE = 7;
  private static final int HEARD = 8;
  private static final int PRUNED = 9;

  private final long tag;

  SyncCodec(Hash meshId) {
    this.tag = tag(meshId);
  }

  /// The first eight bytes of a hash.
  static long tag(Hash hash) {
    return ByteBuffer.wrap(hash.toBytes()).getLong();
  }

  byte[] encode(SyncMessage message) {
    return switch (message) {
      case SyncMessage.Digest(long digest) -> start(DIGEST, 1, 32).unsigned(digest).toBytes();
      case SyncMessage.InSync(long digest) -> start(IN_SYNC, 1, 32).unsigned(digest).toBytes();
      case SyncMessage.Ask(long nonce) -> start(ASK, 1, 32).unsigned(nonce).toBytes();
      case SyncMessage.Heads heads -> heads(heads);
      case SyncMessage.Pull pull -> pull(pull);
      case SyncMessage.Records records -> records(records);
      case SyncMessage.Evidence(ForkProof proof) ->
          start(EVIDENCE, 3, 128)
              .bytes(proof.key().toBytes())
              .bytes(proof.first().encoded())
              .bytes(proof.second().encoded())
              .toBytes();
      case SyncMessage.Pruned pruned -> pruned(pruned);
      case SyncMessage.Heard(List<Entry> entries) -> {
        CborWriter out = start(HEARD, 1, 64 + 80 * entries.size());
        yield entries(out, entries).toBytes();
      }
    };
  }

  private CborWriter start(int kind, int fields, int bytes) {
    return new CborWriter(bytes).array(3 + fields).integer(VERSION).unsigned(tag).integer(kind);
  }

  private byte[] heads(SyncMessage.Heads heads) {
    CborWriter out =
        start(HEADS, 4, 64 + 80 * heads.entries().size())
            .unsigned(heads.nonce())
            .integer(heads.part())
            .integer(heads.parts());
    return entries(out, heads.entries()).toBytes();
  }

  private static CborWriter entries(CborWriter out, List<Entry> entries) {
    out.array(entries.size());
    for (Entry entry : entries) {
      feed(out.array(entry.frozen() ? 5 : 4), entry.feed())
          .integer(entry.head().seq())
          .bytes(entry.head().hash().toBytes());
      if (entry.frozen()) {
        out.integer(entry.frozenAt());
      }
    }
    return out;
  }

  private byte[] pull(SyncMessage.Pull pull) {
    CborWriter out =
        start(PULL, 2, 64 + 48 * pull.wants().size())
            .unsigned(pull.id())
            .array(pull.wants().size());
    for (Want want : pull.wants()) {
      feed(out.array(3), want.feed()).integer(want.fromSeq());
    }
    return out.toBytes();
  }

  private byte[] records(SyncMessage.Records records) {
    int bytes = records.records().stream().mapToInt(record -> record.length + 5).sum();
    CborWriter out =
        start(RECORDS, 2, 64 + bytes).unsigned(records.id()).array(records.records().size());
    records.records().forEach(out::bytes);
    return out.toBytes();
  }

  private byte[] pruned(SyncMessage.Pruned pruned) {
    int bytes = pruned.kept().stream().mapToInt(record -> record.length + 5).sum();
    CborWriter out = start(PRUNED, 7, 128 + pruned.hashes().length + bytes).unsigned(pruned.id());
    feed(out, pruned.feed())
        .integer(pruned.size())
        .integer(pruned.fromSeq())
        .bytes(pruned.hashes())
        .array(pruned.kept().size());
    pruned.kept().forEach(out::bytes);
    return out.toBytes();
  }

  private static CborWriter feed(CborWriter out, FeedId feed) {
    return out.bytes(feed.author().toBytes()).unsigned(feed.epoch());
  }

  /// @throws CborException if `bytes` are no message of this mesh; the reason is for people
  SyncMessage decode(byte[] bytes) throws CborException {
    CborReader in = new CborReader(bytes, LIMITS);
    int fields = in.array(10);
    in.integer(VERSION, VERSION);
    if (in.unsigned() != tag) {
      throw new CborException("message of another mesh");
    }
    int kind = (int) in.integer(DIGEST, PRUNED);
    int expected =
        switch (kind) {
          case PRUNED -> 10;
          case HEADS -> 7;
          case EVIDENCE -> 6;
          case PULL, RECORDS -> 5;
          default -> 4;
        };
    if (fields != expected) {
      throw new CborException(fields + " fields (expected: " + expected + ")");
    }
    SyncMessage message =
        switch (kind) {
          case DIGEST -> new SyncMessage.Digest(in.unsigned());
          case IN_SYNC -> new SyncMessage.InSync(in.unsigned());
          case ASK -> new SyncMessage.Ask(in.unsigned());
          case HEADS -> readHeads(in);
          case PULL -> readPull(in);
          case RECORDS -> readRecords(in);
          case EVIDENCE -> readEvidence(in);
          case PRUNED -> readPruned(in);
          default -> new SyncMessage.Heard(readEntries(in, SyncMessage.MAX_HEARD));
        };
    in.end();
    return message;
  }

  private static SyncMessage readHeads(CborReader in) throws CborException {
    long nonce = in.unsigned();
    int part = (int) in.integer(0, SyncMessage.MAX_PARTS - 1);
    int parts = (int) in.integer(0, SyncMessage.MAX_PARTS);
    if (part >= Math.max(1, parts)) {
      throw new CborException("part " + part + " of " + parts);
    }
    return new SyncMessage.Heads(nonce, part, parts, readEntries(in, SyncMessage.MAX_HEADS));
  }

  private static List<Entry> readEntries(CborReader in, int most) throws CborException {
    List<Entry> entries = new ArrayList<>();
    for (int left = in.array(most); left > 0; left--) {
      int items = in.array(5);
      if (items < 4) {
        throw new CborException(items + " items of a head (expected: 4 or 5)");
      }
      boolean frozen = items == 5;
      FeedId feed = readFeed(in);
      long seq = in.integer(0, Long.MAX_VALUE);
      Hash hash = Hash.of(in.bytesOf(Hash.BYTES));
      long frozenAt = frozen ? in.integer(1, Long.MAX_VALUE) : 0;
      if (frozen && frozenAt <= seq) {
        throw new CborException("head " + seq + " of a feed frozen at " + frozenAt);
      }
      entries.add(new Entry(feed, new Head(seq, hash), frozenAt));
    }
    return entries;
  }

  private static SyncMessage readEvidence(CborReader in) throws CborException {
    try {
      PublicKey key = PublicKey.of(in.bytesOf(PublicKey.BYTES));
      return new SyncMessage.Evidence(new ForkProof(key, readRecord(in), readRecord(in)));
    } catch (IllegalArgumentException e) {
      throw new CborException("evidence: " + e.getMessage());
    }
  }

  private static SignedRecord readRecord(CborReader in) throws CborException {
    return switch (SignedRecord.decode(in.bytes(SignedRecord.MAX_BYTES))) {
      case Decoded.Valid(SignedRecord record) -> record;
      case Decoded.Malformed(String reason) -> throw new CborException("evidence: " + reason);
    };
  }

  private static SyncMessage readPull(CborReader in) throws CborException {
    long id = in.unsigned();
    int count = in.array(SyncMessage.MAX_WANTS);
    List<Want> wants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.arrayOf(3);
      FeedId feed = readFeed(in);
      wants.add(new Want(feed, in.integer(1, Long.MAX_VALUE)));
    }
    return new SyncMessage.Pull(id, wants);
  }

  private static SyncMessage readRecords(CborReader in) throws CborException {
    long id = in.unsigned();
    int count = in.array(ReconcilerConfig.MAX_BATCH_RECORDS);
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(in.bytes(SignedRecord.MAX_BYTES));
    }
    return new SyncMessage.Records(id, records);
  }

  private static SyncMessage readPruned(CborReader in) throws CborException {
    long id = in.unsigned();
    FeedId feed = readFeed(in);
    long size = in.integer(1, Long.MAX_VALUE / Hash.BYTES - 1);
    long fromSeq = in.integer(1, size);
    byte[] hashes = in.bytes(SyncMessage.MAX_HASHES * Hash.BYTES);
    if (hashes.length == 0 || hashes.length % Hash.BYTES != 0) {
      throw new CborException(hashes.length + " bytes of hashes (expected: a multiple of 32)");
    }
    List<byte[]> kept = new ArrayList<>();
    for (int left = in.array(ReconcilerConfig.MAX_BATCH_RECORDS); left > 0; left--) {
      kept.add(in.bytes(SignedRecord.MAX_BYTES));
    }
    return new SyncMessage.Pruned(id, feed, size, fromSeq, hashes, kept);
  }

  private static FeedId readFeed(CborReader in) throws CborException {
    NodeId author = NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0);
    return new FeedId(author, in.unsigned());
  }
}
