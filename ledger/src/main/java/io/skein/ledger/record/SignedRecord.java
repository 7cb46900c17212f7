package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.Arrays;
import java.util.OptionalLong;

/// A body with its place in a feed and its author's signature: the unit of the ledger. Immutable;
/// any thread.
///
/// Encoded as COSE_Sign1 (RFC 9052 §4.2, tag 18) with EdDSA, the protected header `{1: -8}`, an
/// empty unprotected header, and as payload the deterministic-CBOR array `[1, mesh id, author,
/// epoch, seq, prev, hlc, type, body]`. The heads before the payload never vary and are compared as
/// one constant. One record has one encoding: decoding writes the record again and compares.
///
/// The hash is SHA-256(0x00 ‖ Sig_structure), a leaf hash of RFC 9162 §2.1.1 over what is signed.
/// It leaves the signature out, so that signing the same content twice does not look like a fork.
///
/// Well-formed means besides: `seq` 1 or more, `hlc` not negative, `prev` zero exactly if `seq` is
/// 1; a genesis has the mesh id [Hash#ZERO] and `seq` 1, every other record a mesh id that is not
/// zero; the key inside a genesis, join or epoch is the author's; a checkpoint's size is `seq` − 1.
public final class SignedRecord {
  /// Longest encoding of any record.
  public static final int MAX_BYTES = 65_536;

  /// Longest encoding of a record that is no fork-proof: two of them fit into one.
  public static final int MAX_ORDINARY_BYTES = 32_000;

  private final Hash meshId;
  private final FeedId feed;
  private final long seq;
  private final Hash prev;
  private final long hlc;
  private final Body body;
  private final byte[] encoded;
  private final Hash hash;

  private SignedRecord(
      Hash meshId, FeedId feed, long seq, Hash prev, long hlc, Body body, byte[] encoded) {
    this.meshId = meshId;
    this.feed = feed;
    this.seq = seq;
    this.prev = prev;
    this.hlc = hlc;
    this.body = body;
    this.encoded = encoded;
    this.hash = Envelope.hash(encoded);
  }

  /// Makes and signs a record.
  ///
  /// @param key the author's
  /// @param meshId the mesh's id; [Hash#ZERO] for a genesis
  /// @param epoch the author's epoch, unsigned
  /// @param seq place in the feed, from 1
  /// @param prev hash of the record before it, [Hash#ZERO] for the first
  /// @param hlc hybrid-clock time
  /// @throws IllegalArgumentException if the record would not be well-formed or be too long
  public static SignedRecord sign(
      SigningKey key, Hash meshId, long epoch, long seq, Hash prev, long hlc, Body body) {
    FeedId feed = new FeedId(key.nodeId(), epoch);
    String objection = objection(meshId, feed, seq, prev, hlc, body);
    if (!objection.isEmpty()) {
      throw new IllegalArgumentException("record: " + objection);
    }
    byte[] payload = payload(meshId, feed, seq, prev, hlc, body);
    byte[] encoded = Envelope.wrap(payload, new byte[PublicKey.SIGNATURE_BYTES]);
    if (encoded.length > maxBytes(body)) {
      throw new IllegalArgumentException("record: " + tooLong(encoded, body));
    }
    byte[] signature = key.sign(Envelope.signedStructure(encoded));
    System.arraycopy(signature, 0, encoded, encoded.length - signature.length, signature.length);
    return new SignedRecord(meshId, feed, seq, prev, hlc, body, encoded);
  }

  /// Reads a record from all of `encoded`. Whatever the bytes are, nothing is thrown. A record
  /// under an algorithm that this version does not know is refused by the algorithm's number.
  public static Decoded decode(byte[] encoded) {
    return decode(encoded, 0);
  }

  /// The COSE algorithm that an encoding names in its protected header, whether this version knows
  /// it or not: −8 is EdDSA. Empty if the bytes begin with no such header.
  public static OptionalLong algorithm(byte[] encoded) {
    return Envelope.algorithm(encoded);
  }

  /// @param proofsAround how many fork-proofs the record lies in
  static Decoded decode(byte[] encoded, int proofsAround) {
    if (encoded.length > MAX_BYTES) {
      return new Decoded.Malformed(encoded.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    try {
      byte[] payload = Envelope.payload(encoded);
      return decodePayload(encoded.clone(), payload, proofsAround);
    } catch (CborException | IllegalArgumentException e) {
      return new Decoded.Malformed(String.valueOf(e.getMessage()));
    }
  }

  /// May throw IllegalArgumentException: constructors of values object to what they are given.
  private static Decoded decodePayload(byte[] encoded, byte[] payload, int proofsAround)
      throws CborException {
    CborReader in = new CborReader(payload, CborLimits.RECORD);
    in.arrayOf(9);
    in.integer(1, 1);
    Hash meshId = Hash.of(in.bytesOf(Hash.BYTES));
    NodeId author = BodyCodec.node(in);
    FeedId feed = new FeedId(author, in.unsigned());
    long seq = in.integer();
    Hash prev = Hash.of(in.bytesOf(Hash.BYTES));
    long hlc = in.integer();
    int type = (int) in.integer(1, BodyCodec.MAX_TYPE);
    Body body = BodyCodec.read(type, in, proofsAround);
    in.end();
    String objection = objection(meshId, feed, seq, prev, hlc, body);
    if (!objection.isEmpty()) {
      return new Decoded.Malformed(objection);
    }
    if (encoded.length > maxBytes(body)) {
      return new Decoded.Malformed(tooLong(encoded, body));
    }
    if (!Arrays.equals(payload, payload(meshId, feed, seq, prev, hlc, body))) {
      return new Decoded.Malformed("not the one encoding of this record");
    }
    return new Decoded.Valid(new SignedRecord(meshId, feed, seq, prev, hlc, body, encoded));
  }

  private static byte[] payload(
      Hash meshId, FeedId feed, long seq, Hash prev, long hlc, Body body) {
    CborWriter out =
        new CborWriter(256)
            .array(9)
            .integer(1)
            .bytes(meshId.toBytes())
            .bytes(feed.author().toBytes())
            .unsigned(feed.epoch())
            .integer(seq)
            .bytes(prev.toBytes())
            .integer(hlc)
            .integer(body.type());
    BodyCodec.write(body, out);
    return out.toBytes();
  }

  private static int maxBytes(Body body) {
    return body instanceof ForkProof ? MAX_BYTES : MAX_ORDINARY_BYTES;
  }

  private static String tooLong(byte[] encoded, Body body) {
    return encoded.length + " bytes (expected: at most " + maxBytes(body) + ")";
  }

  /// Why the parts don't make a well-formed record; empty if they do.
  private static String objection(
      Hash meshId, FeedId feed, long seq, Hash prev, long hlc, Body body) {
    if (seq < 1) {
      return "seq: " + seq + " (expected: >= 1)";
    }
    if (hlc < 0) {
      return "hlc: " + hlc + " (expected: >= 0)";
    }
    if (prev.equals(Hash.ZERO) != (seq == 1)) {
      return "prev: zero is for the first record of a feed, and only for that";
    }
    if (meshId.equals(Hash.ZERO) != body instanceof Body.Genesis) {
      return "mesh id: zero is for a genesis, and only for that";
    }
    boolean authorsKey =
        !(body instanceof Body.Opening opening)
            || opening.publicKey().nodeId().equals(feed.author());
    if (!authorsKey) {
      return "public key: not the author's";
    }
    if (body instanceof Body.Checkpoint checkpoint && checkpoint.size() != seq - 1) {
      return "size: a checkpoint is of the records before it";
    }
    if (body instanceof ForkProof proof && !proof.fits()) {
      return "fork-proof: its records are too long or hold too many others";
    }
    return body instanceof Body.Genesis && seq != 1 ? "seq: a genesis is first" : "";
  }

  /// The feed it belongs to.
  public FeedId feed() {
    return feed;
  }

  /// Who signed it.
  public NodeId author() {
    return feed.author();
  }

  /// The author's epoch, unsigned.
  public long epoch() {
    return feed.epoch();
  }

  /// Place in the feed, from 1.
  public long seq() {
    return seq;
  }

  /// Hash of the record before it in the feed; [Hash#ZERO] for the first.
  public Hash prev() {
    return prev;
  }

  /// Hybrid-clock time: milliseconds since 1970 shifted left by 16, plus a counter.
  public long hlc() {
    return hlc;
  }

  /// The mesh id as written: [Hash#ZERO] in a genesis. See [#isOf].
  public Hash meshId() {
    return meshId;
  }

  /// Whether it belongs to that mesh: it names it, or is its genesis.
  public boolean isOf(Hash mesh) {
    return body instanceof Body.Genesis ? hash.equals(mesh) : meshId.equals(mesh);
  }

  /// What it says.
  public Body body() {
    return body;
  }

  /// A copy of the 64 bytes.
  public byte[] signature() {
    return Arrays.copyOfRange(encoded, encoded.length - PublicKey.SIGNATURE_BYTES, encoded.length);
  }

  /// What the author signed: the Sig_structure, 56 bytes shorter than the encoding. It is the entry
  /// whose RFC 9162 leaf hash is [#hash].
  public byte[] signed() {
    return Envelope.signedStructure(encoded);
  }

  /// A copy of the encoding.
  public byte[] encoded() {
    return encoded.clone();
  }

  /// Bytes of the encoding.
  public int encodedLength() {
    return encoded.length;
  }

  /// The record's hash, see above.
  public Hash hash() {
    return hash;
  }

  /// Whether the signature is `author`'s and `author` is who the record names.
  public boolean verifies(PublicKey author) {
    return author.nodeId().equals(feed.author())
        && author.verifies(Envelope.signedStructure(encoded), signature());
  }

  /// Whether both have the same encoding, signature included.
  @Override
  public boolean equals(Object other) {
    return other instanceof SignedRecord that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  /// Names the record without its content.
  @Override
  public String toString() {
    return body.typeName() + " " + feed + "#" + seq;
  }
}
