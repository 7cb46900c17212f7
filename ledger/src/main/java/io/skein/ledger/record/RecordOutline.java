package io.skein.ledger.record;

import io.skein.ledger.key.PublicKey;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// A record's place in its feed and its hash, read from its encoding without decoding the body:
/// enough to follow a chain. What is read this way is neither well-formed nor signed on that
/// account; it is meant for records that were decoded and verified before.
///
/// Holds one record at a time; confined to one thread.
public final class RecordOutline {
  private static final byte[] FEED_HEAD = {(byte) 0x89, 0x01, 0x58, Hash.BYTES};
  private static final int AUTHOR_HEAD = 0x50;
  private static final int AUTHOR_BYTES = 16;

  private final MessageDigest sha256;
  private final byte[] hash = new byte[Hash.BYTES];
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int mesh;
  private int author;
  private int prev;
  private int signature;
  private long epoch;
  private long seq;
  private long hlc;
  private int type;

  /// Holds nothing yet.
  public RecordOutline() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Reads the encoding of `length` bytes at `offset`; `from` must not change while the outline is
  /// asked. Returns false if it is no record; then there is nothing to ask for.
  public boolean read(byte[] from, int offset, int length) {
    bytes = from;
    end = offset + length - Envelope.TAIL_BYTES;
    at = offset + Envelope.PREFIX_BYTES;
    if (length > SignedRecord.MAX_BYTES || !Envelope.framed(from, offset, length)) {
      return false;
    }
    int item = at;
    long payload = head(0x40);
    if (payload != end - at || payload < FEED_HEAD.length || !literal(FEED_HEAD)) {
      return false;
    }
    mesh = skip(Hash.BYTES);
    if (at >= end || bytes[at++] != AUTHOR_HEAD) {
      return false;
    }
    author = skip(AUTHOR_BYTES);
    epoch = head(0);
    seq = head(0);
    if (head(0x40) != Hash.BYTES) {
      return false;
    }
    prev = skip(Hash.BYTES);
    hlc = head(0);
    long code = head(0);
    if (at >= end || seq < 1 || hlc < 0 || code < 1 || code > BodyCodec.MAX_TYPE) {
      return false;
    }
    type = (int) code;
    signature = end + 2;
    hash(item);
    return true;
  }

  private void hash(int item) {
    try {
      Envelope.digestSigned(sha256, bytes, item, end - item);
      sha256.digest(hash, 0, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256 digest", e);
    }
  }

  private boolean literal(byte[] expected) {
    boolean same =
        end - at >= expected.length
            && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    at += expected.length;
    return same;
  }

  private int skip(int count) {
    int start = at;
    at += count;
    return start;
  }

  /// The argument of a head of that major type; −1 if it is another or lies past the end. An
  /// unsigned argument beyond 63 bits comes as it is; no caller mistakes −1 for one but the epoch,
  /// where no record has it.
  private long head(int major) {
    if (at >= end || (bytes[at] & 0xe0) != major) {
      at = end;
      return -1;
    }
    int small = bytes[at++] & 0x1f;
    if (small < 24) {
      return small;
    }
    int width = 1 << (small - 24);
    if (small > 27 || end - at < width) {
      at = end;
      return -1;
    }
    long argument = 0;
    for (int i = 0; i < width; i++) {
      argument = argument << 8 | (bytes[at++] & 0xff);
    }
    return argument;
  }

  /// Place in the feed, from 1.
  public long seq() {
    return seq;
  }

  /// Hybrid-clock time.
  public long hlc() {
    return hlc;
  }

  /// The code of its [RecordType].
  public int type() {
    return type;
  }

  /// The record's hash; the same array for every record.
  public byte[] hash() {
    return hash;
  }

  /// Whether the record before it has that hash.
  public boolean follows(byte[] previousHash) {
    return Arrays.equals(bytes, prev, prev + Hash.BYTES, previousHash, 0, Hash.BYTES);
  }

  /// Whether it belongs to a feed.
  public boolean isOf(FeedId feed) {
    return feed.epoch() == epoch
        && author + AUTHOR_BYTES <= end
        && io.skein.ledger.key.NodeId.fromBytes(bytes, author).equals(feed.author());
  }

  /// The mesh id as written.
  public Hash meshId() {
    return Hash.of(Arrays.copyOfRange(bytes, mesh, mesh + Hash.BYTES));
  }

  /// Adds the signature to a digest.
  public void digestSignature(MessageDigest into) {
    into.update(bytes, signature, PublicKey.SIGNATURE_BYTES);
  }
}
