package io.skein.simulator.mesh;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The reconcilers' messages as a liar writes and reads them: from the description of the bytes in
/// the ledger's STORAGE.md, not with the reconciler's own classes, which would not let it lie.
final class Wire {
  static final int DIGEST = 1;
  static final int IN_SYNC = 2;
  static final int ASK = 3;
  static final int HEADS = 4;
  static final int PULL = 5;
  static final int RECORDS = 6;
  static final int EVIDENCE = 7;
  static final int HEARD = 8;

  private static final CborLimits LIMITS = new CborLimits(1 << 20, 6, 16_384);

  private final long tag;

  /// Heads in a message.
  record Heads(long nonce, long part, long parts, List<Entry> entries) {}

  /// One of them.
  ///
  /// @param frozenAt where the feed is cut by a fork; 0 if it is not
  record Entry(FeedId feed, Head head, long frozenAt) {
    Entry(FeedId feed, Head head) {
      this(feed, head, 0);
    }
  }

  /// Records in a message.
  record Records(long id, List<byte[]> records) {}

  Wire(Hash meshId) {
    this.tag = ByteBuffer.wrap(meshId.toBytes()).getLong();
  }

  /// The kind of a message; 0 if it is none.
  static int kind(byte[] message) {
    try {
      CborReader in = new CborReader(message, LIMITS);
      in.array(16);
      in.integer();
      in.unsigned();
      return (int) in.integer(0, 64);
    } catch (CborException _) {
      return 0;
    }
  }

  Optional<Records> records(byte[] message) {
    try {
      CborReader in = new CborReader(message, LIMITS);
      if (!begins(in, RECORDS)) {
        return Optional.empty();
      }
      long id = in.unsigned();
      int count = in.array(16_384);
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        records.add(in.bytes(1 << 16));
      }
      return Optional.of(new Records(id, records));
    } catch (CborException _) {
      return Optional.empty();
    }
  }

  byte[] records(long id, List<byte[]> records) {
    CborWriter out = begin(RECORDS, 2).unsigned(id).array(records.size());
    records.forEach(out::bytes);
    return out.toBytes();
  }

  Optional<Heads> heads(byte[] message) {
    try {
      CborReader in = new CborReader(message, LIMITS);
      if (!begins(in, HEADS)) {
        return Optional.empty();
      }
      long nonce = in.unsigned();
      long part = in.integer();
      long parts = in.integer();
      int count = in.array(16_384);
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int items = in.array(5);
        NodeId author = NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0);
        FeedId feed = new FeedId(author, in.unsigned());
        long seq = in.integer();
        Head head = new Head(seq, Hash.of(in.bytesOf(Hash.BYTES)));
        entries.add(new Entry(feed, head, items == 5 ? in.integer() : 0));
      }
      return Optional.of(new Heads(nonce, part, parts, entries));
    } catch (CborException _) {
      return Optional.empty();
    }
  }

  byte[] heads(Heads heads) {
    CborWriter out =
        begin(HEADS, 4)
            .unsigned(heads.nonce())
            .integer(heads.part())
            .integer(heads.parts())
            .array(heads.entries().size());
    for (Entry entry : heads.entries()) {
      out.array(entry.frozenAt() > 0 ? 5 : 4)
          .bytes(entry.feed().author().toBytes())
          .unsigned(entry.feed().epoch())
          .integer(entry.head().seq())
          .bytes(entry.head().hash().toBytes());
      if (entry.frozenAt() > 0) {
        out.integer(entry.frozenAt());
      }
    }
    return out.toBytes();
  }

  byte[] ask(long nonce) {
    return begin(ASK, 1).unsigned(nonce).toBytes();
  }

  byte[] digest(long digest) {
    return begin(DIGEST, 1).unsigned(digest).toBytes();
  }

  byte[] evidence(PublicKey key, SignedRecord first, SignedRecord second) {
    boolean ordered = first.hash().compareTo(second.hash()) < 0;
    return begin(EVIDENCE, 3)
        .bytes(key.toBytes())
        .bytes((ordered ? first : second).encoded())
        .bytes((ordered ? second : first).encoded())
        .toBytes();
  }

  private static boolean begins(CborReader in, int kind) throws CborException {
    in.array(16);
    in.integer();
    in.unsigned();
    return in.integer() == kind;
  }

  private CborWriter begin(int kind, int fields) {
    return new CborWriter().array(3 + fields).integer(1).unsigned(tag).integer(kind);
  }
}
