package io.skein.ledger.log;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.disk.Disk;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The file `verified`: how far this node has verified each feed, signed with its own key.
///
/// What it saves is time at the next opening: records below it are read, checksummed, hashed and
/// chained, and their tree and signatures must come out as told, but no signature is verified
/// again. What it rests on: whoever can write it can make this node believe what it has not
/// verified, and that is whoever holds the node's key. Anybody else who edits the directory makes
/// the sums differ, and everything is verified again.
final class VerifiedFile {
  static final String NAME = "verified";
  private static final int VERSION = 1;
  private static final int ENTRY_BYTES = 128;
  private static final int MAX_BYTES = 64 << 20;
  private static final byte[] CONTEXT = "skein verified 1\0".getBytes(StandardCharsets.US_ASCII);

  private VerifiedFile() {}

  /// What the file says; nothing if it is not there, damaged or signed by somebody else.
  static Map<FeedId, Verified> read(Disk disk, Path directory, PublicKey key) throws IOException {
    Optional<ByteBuffer> bytes =
        FeedFiles.readSmall(disk, directory.resolve(NAME), MAX_BYTES)
            .filter(found -> found.remaining() > PublicKey.SIGNATURE_BYTES);
    if (bytes.isEmpty()) {
      return Map.of();
    }
    byte[] all = bytes.get().array();
    int end = all.length - PublicKey.SIGNATURE_BYTES;
    byte[] text = Arrays.copyOf(all, end);
    return key.verifies(signed(text), Arrays.copyOfRange(all, end, all.length))
        ? parse(text)
        : Map.of();
  }

  /// What a text under a signature that holds says; nothing if it is malformed.
  static Map<FeedId, Verified> parse(byte[] text) {
    Map<FeedId, Verified> verified = new TreeMap<>();
    try {
      int most = text.length / 2;
      CborReader in = new CborReader(text, new CborLimits(text.length, 3, most * 6 + 4));
      in.arrayOf(2);
      in.integer(VERSION, VERSION);
      int count = in.array(most);
      for (int i = 0; i < count; i++) {
        in.arrayOf(5);
        NodeId author = NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0);
        FeedId feed = new FeedId(author, in.unsigned());
        long size = in.integer(1, Long.MAX_VALUE);
        Hash root = Hash.of(in.bytesOf(Hash.BYTES));
        verified.put(feed, new Verified(feed, size, root, Hash.of(in.bytesOf(Hash.BYTES))));
      }
      in.end();
      return verified;
    } catch (CborException | IllegalArgumentException _) {
      return Map.of();
    }
  }

  static void write(Disk disk, Path directory, SigningKey key, Collection<Verified> verified)
      throws IOException {
    CborWriter out = new CborWriter(16 + ENTRY_BYTES * verified.size());
    out.array(2).integer(VERSION).array(verified.size());
    for (Verified each : verified) {
      out.array(5)
          .bytes(each.feed().author().toBytes())
          .unsigned(each.feed().epoch())
          .integer(each.size())
          .bytes(each.root().toBytes())
          .bytes(each.signatures().toBytes());
    }
    byte[] text = out.toBytes();
    byte[] signature = key.sign(signed(text));
    ByteBuffer bytes = ByteBuffer.allocate(text.length + signature.length);
    bytes.put(text).put(signature).flip();
    FeedFiles.replaceDurably(disk, directory.resolve(NAME), bytes);
  }

  private static byte[] signed(byte[] text) {
    byte[] signed = Arrays.copyOf(CONTEXT, CONTEXT.length + text.length);
    System.arraycopy(text, 0, signed, CONTEXT.length, text.length);
    return signed;
  }
}
