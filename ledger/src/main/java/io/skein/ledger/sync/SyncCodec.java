package io.skein.ledger.sync;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
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
            .integer(heads.parts())
            .array(heads.entries().size());
    for (Entry entry : heads.entries()) {
      feed(out.array(4), entry.feed())
          .integer(entry.head().seq())
          .bytes(entry.head().hash().toBytes());
    }
    return out.toBytes();
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

  private static CborWriter feed(CborWriter out, FeedId feed) {
    return out.bytes(feed.author().toBytes()).unsigned(feed.epoch());
  }

  /// @throws CborException if `bytes` are no message of this mesh; the reason is for people
  SyncMessage decode(byte[] bytes) throws CborException {
    CborReader in = new CborReader(bytes, LIMITS);
    int fields = in.array(7);
    in.integer(VERSION, VERSION);
    if (in.unsigned() != tag) {
      throw new CborException("message of another mesh");
    }
    int kind = (int) in.integer(DIGEST, RECORDS);
    int expected =
        switch (kind) {
          case HEADS -> 7;
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
          default -> readRecords(in);
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
    int count = in.array(SyncMessage.MAX_HEADS);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.arrayOf(4);
      FeedId feed = readFeed(in);
      long seq = in.integer(1, Long.MAX_VALUE);
      entries.add(new Entry(feed, new Head(seq, Hash.of(in.bytesOf(Hash.BYTES)))));
    }
    return new SyncMessage.Heads(nonce, part, parts, entries);
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

  private static FeedId readFeed(CborReader in) throws CborException {
    NodeId author = NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0);
    return new FeedId(author, in.unsigned());
  }
}
