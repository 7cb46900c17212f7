package io.skein.ledger.vectors;

import static io.skein.ledger.vectors.Json.hex;
import static io.skein.ledger.vectors.Json.object;

import io.skein.ledger.admission.AdmissionSamples;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.sync.SyncSamples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Inputs that every reader must refuse, each wrong in one thing, with the class of what is wrong
/// and words that this implementation says.
final class Refused {
  /// Places in a payload.
  private static final int VERSION = 0;

  private static final int MESH = 1;
  private static final int AUTHOR = 2;
  private static final int EPOCH = 3;
  private static final int SEQ = 4;
  private static final int PREV = 5;
  private static final int HLC = 6;
  private static final int TYPE = 7;
  private static final int BODY = 8;

  private static final byte[] PREFIX = bytes("d28443a10127a0");
  private static final byte[] SIGNATURE = new byte[PublicKey.SIGNATURE_BYTES];

  private final Samples samples;
  private final byte[][] revoke;
  private final List<Object> cases = new ArrayList<>();

  private Refused(Samples samples) {
    this.samples = samples;
    this.revoke =
        new byte[][] {
          bytes("01"),
          string(samples.meshId.toBytes()),
          string(samples.joiner.nodeId().toBytes()),
          bytes("01"),
          bytes("02"),
          string(samples.meshId.toBytes()),
          bytes("03"),
          bytes("05"),
          new CborWriter().array(2).bytes(samples.forker.nodeId().toBytes()).text("why").toBytes()
        };
  }

  static List<Object> all(Samples samples) {
    Refused refused = new Refused(samples);
    refused.envelopes();
    refused.headers();
    refused.encodings();
    refused.bodies();
    refused.others();
    return refused.cases;
  }

  private void envelopes() {
    byte[] sound = wrap(array(revoke));
    record("empty", "length", "not a signed record", new byte[0]);
    record("one byte short", "length", "expected", Arrays.copyOf(sound, sound.length - 1));
    record("one byte more", "trailing bytes", "end", Arrays.copyOf(sound, sound.length + 1));
    record("tag 17", "envelope", "not a signed record", replaced(sound, 0, "d1"));
    record("array of 5", "envelope", "not a signed record", replaced(sound, 1, "85"));
    record("unprotected header", "envelope", "not a signed record", replaced(sound, 6, "a1"));
    record("algorithm -7", "unknown algorithm", "unknown algorithm -7", replaced(sound, 5, "26"));
    byte[] far =
        concat(bytes("d28445a1013903e7a0"), string(array(revoke)), bytes("5872"), new byte[114]);
    record("algorithm -1000", "unknown algorithm", "unknown algorithm -1000", far);
    record(
        "payload not inside",
        "envelope",
        "byte string",
        concat(PREFIX, bytes("f6"), bytes("5840"), SIGNATURE));
    record(
        "signature of 63 bytes",
        "length",
        "64 bytes",
        concat(PREFIX, string(array(revoke)), bytes("583f"), new byte[63]));
    byte[] payload = array(revoke);
    byte[] longHead = {0x59, 0, (byte) payload.length};
    record(
        "length of the payload in two bytes",
        "not the shortest form",
        "shortest",
        concat(PREFIX, longHead, payload, bytes("5840"), SIGNATURE));
  }

  private void headers() {
    header("version 2", "unknown version", "from 1 to 1", VERSION, "02");
    header("mesh id of 31 bytes", "length", "32 bytes", MESH, "581f" + "11".repeat(31));
    header("no mesh id", "range", "mesh id", MESH, "5820" + "00".repeat(32));
    header("author of 15 bytes", "length", "16 bytes", AUTHOR, "4f" + "11".repeat(15));
    header("epoch below 0", "type", "unsigned", EPOCH, "20");
    header("seq 0", "range", "seq", SEQ, "00");
    header("seq below 0", "range", "seq", SEQ, "20");
    header("seq beyond 63 bits", "range", "64 bits with sign", SEQ, "1b8000000000000000");
    header("no prev behind the first", "chain", "prev", PREV, "5820" + "00".repeat(32));
    header("a prev before the first", "chain", "prev", SEQ, "01");
    header("time below 0", "range", "hlc", HLC, "20");
    header("type 0", "range", "from 1 to 65535", TYPE, "00");
    header("type 65536", "range", "from 1 to 65535", TYPE, "1a00010000");
    byte[][] ten = Arrays.copyOf(revoke, 10);
    ten[9] = bytes("00");
    record("ten items", "count", "at most 9", wrap(array(ten)));
    record("eight items", "count", "array of 9", wrap(array(Arrays.copyOf(revoke, 8))));
    record(
        "bytes behind the payload's array",
        "trailing bytes",
        "end",
        wrap(concat(array(revoke), bytes("00"))));
  }

  private void encodings() {
    header("number in two bytes for one", "not the shortest form", "shortest", SEQ, "1802");
    header("number in three bytes", "not the shortest form", "shortest", HLC, "190003");
    header("number in nine bytes", "not the shortest form", "shortest", HLC, "1b0000000000000003");
    header("reserved head", "indefinite or reserved length", "definite", HLC, "1c");
    body("array of no length", "indefinite or reserved length", "definite", 99, "9f00ff");
    body("string of no length", "indefinite or reserved length", "definite", 99, "5f4100ff");
    body("map", "type", "subset", 99, "a0");
    body("tag", "type", "subset", 99, "c000");
    body("null", "type", "subset", 99, "f6");
    body("undefined", "type", "subset", 99, "f7");
    body("half float", "type", "subset", 99, "f93c00");
    body("double", "type", "subset", 99, "fb3ff0000000000000");
    body("simple value", "type", "subset", 99, "f8ff");
    body("text that is no UTF-8", "text", "UTF-8", 99, "62c328");
    body("text with a surrogate", "text", "UTF-8", 99, "63eda080");
    body("text with a superfluous byte", "text", "UTF-8", 99, "62c080");
    body("length beyond the input", "length", "length", 99, "5a00010000");
    body("count beyond the input", "length", "length", 99, "994000");
    body("count beyond 32 bits", "length", "at most", 99, "9b0000000100000000");
    body("arrays too deep", "depth", "deep", 99, "81".repeat(16) + "00");
    body("too many items", "count", "16384", 99, "994000" + "00".repeat(16_384));
    body("item missing", "length", "expected", 99, "8200");
  }

  private void bodies() {
    byte[] revoked = revoke[BODY];
    body("item more", "count", "at most 2", 5, "83" + hex(revoked).substring(2) + "00");
    body("item less", "count", "array of 2", 5, "81" + hex(revoked).substring(2, 36));
    body(
        "order of items",
        "type",
        "byte string",
        5,
        "82" + "63776879" + hex(revoked).substring(2, 36));
    body(
        "text too long",
        "range",
        "at most 512",
        5,
        hex(revoked).substring(0, 36) + "790201" + "61".repeat(513));
    body("uses 0", "range", "uses", 2, "83" + key() + "00" + "00");
    body("uses 1001", "range", "uses", 2, "83" + key() + "1903e9" + "00");
    body("uses beyond 31 bits", "range", "2147483647", 2, "83" + key() + "1a80000000" + "00");
    body("key not on the curve", "bad key", "public key", 2, "835820" + "02".repeat(32) + "0100");
    body(
        "key of small order",
        "bad key",
        "public key",
        2,
        "835820" + "01" + "00".repeat(31) + "0100");
    body("key of 31 bytes", "length", "32 bytes", 2, "83581f" + "02".repeat(31) + "0100");
    body("not the author's key", "bad key", "not the author's", 6, "82" + key() + "00");
    body(
        "genesis in a mesh",
        "range",
        "mesh id",
        1,
        "85" + "616d" + "50" + "00".repeat(16) + "1903e8" + key() + "6161");
    body("blank name", "range", "blank", 3, join("6120"));
    body("subject of an unknown kind", "range", "subjectKind", 11, heal("66706c616e6574"));
    body("window below 0", "range", "window", 7, "832080" + "80");
    body("acknowledgement of 63 bytes", "length", "acknowledgement", 7, contact("583f", 63));
    body("owner of 15 bytes", "length", "0 or 16", 9, endpoint("4f" + "11".repeat(15), "01"));
    body("weight 1001", "range", "1 to 1000", 9, endpoint("40", "1903e9"));
    body("unknown change", "range", "catalogue change", 9, "8205" + "63776562");
    body(
        "unknown change of contracts",
        "range",
        "change of a contract",
        32_768,
        "8203" + "63776562");
    body(
        "contract without its document",
        "range",
        "change of a contract",
        32_768,
        "8201" + "63776562");
    body("contract of a bad name", "range", "name", 32_768, "8202" + "63576562");
    body(
        "contract of more than 8 KiB",
        "length",
        "8192",
        32_768,
        "8301" + "63776562" + "792001" + "61".repeat(8_193));
    body(
        "experiment of 12 items",
        "length",
        "13",
        32_769,
        experiment("8c", "67" + "736c6f776572", "01", "00"));
    body(
        "experiment with a verdict of two words",
        "range",
        "verdict",
        32_769,
        experiment("8d", "63" + "612062", "01", "00"));
    body(
        "experiment with more failures than answers",
        "range",
        "failed",
        32_769,
        experiment("8d", "66" + "736c6f776572", "02", "00"));
    body(
        "experiment with a width of -2",
        "range",
        "latencyWidthMicros",
        32_769,
        experiment("8d", "66" + "736c6f776572", "01", "21"));
    body("count of receipts 0", "range", "count", 8, "8300" + "00" + hash());
    body("checkpoint of another size", "range", "size", 12, checkpoint("05", "01"));
    body(
        "checkpoint of a feed without a record that stays",
        "range",
        "keptCount",
        12,
        checkpoint("01", "00"));
    body("more records that stay than there are", "range", "keptCount", 12, checkpoint("01", "02"));
    body(
        "checkpoint without what stays",
        "count",
        "array of 7",
        12,
        "85" + "01" + hash() + hash() + hash() + "5840" + "00".repeat(64));
    body("no cosignature", "count", "cosignatures", 13, "80");
    body("no cut", "count", "cuts", 15, "80");
    body("two cuts of one feed", "order", "order", 15, "82" + cut("01") + cut("01"));
    body("cuts out of order", "order", "order", 15, "82" + cut("02") + cut("01"));
    if (samples.sample("fork-proof").body() instanceof ForkProof proof) {
      String key = "5820" + hex(proof.key().toBytes());
      String first = hex(string(proof.first().encoded()));
      String second = hex(string(proof.second().encoded()));
      body(
          "fork-proof in the wrong order", "order", "not greater", 14, "83" + key + second + first);
      body("fork-proof of one record", "order", "not greater", 14, "83" + key + first + first);
      body(
          "fork-proof under another key", "bad key", "author's", 14, "83" + key() + first + second);
    }
  }

  private void others() {
    byte[] ask =
        Objects.requireNonNull(SyncSamples.of(samples.meshId, samples.founderFeed()).get("ask"));
    sync("another mesh", "another mesh", "another mesh", replaced(ask, 3, "00"));
    sync("version 2", "unknown version", "from 1 to 1", replaced(ask, 1, "02"));
    sync("kind 99", "unknown kind", "integer from", concat(head(ask), bytes("186300")));
    sync("field more", "count", "fields", replaced(concat(ask, bytes("00")), 0, "85"));
    sync("trailing byte", "trailing bytes", "end", concat(ask, bytes("00")));
    sync("cut short", "length", "expected", Arrays.copyOf(ask, ask.length - 1));

    String token = AdmissionSamples.token(samples).text();
    token("empty", "length", "empty", "");
    token("another prefix", "unknown version", "skein1.", "skein2" + token.substring(6));
    token("cut short", "checksum", "incomplete", token.substring(0, token.length() - 4));
    token("padded", "text", "characters", token + "=");
    char last = token.charAt(token.length() - 1);
    String unused = token.substring(0, token.length() - 1) + (char) (last + 1);
    token("unused bits set", "not the shortest form", "incomplete", unused);
    token("characters", "text", "characters", token.substring(0, 20) + "!" + token.substring(21));
    byte[] all = Base64.getUrlDecoder().decode(token.substring("skein1.".length()));
    all[10] ^= 1;
    token(
        "changed",
        "checksum",
        "incomplete",
        "skein1." + Base64.getUrlEncoder().withoutPadding().encodeToString(all));
  }

  private static byte[] head(byte[] message) {
    return Arrays.copyOf(message, message.length - 10);
  }

  private void record(String name, String wrong, String says, byte[] input) {
    add("record", name, wrong, says, input);
  }

  private void sync(String name, String wrong, String says, byte[] input) {
    add("sync", name, wrong, says, input);
  }

  private void token(String name, String wrong, String says, String input) {
    add("token", name, wrong, says, input.getBytes(StandardCharsets.US_ASCII));
  }

  private void add(String reader, String name, String wrong, String says, byte[] input) {
    cases.add(
        object("reader", reader, "name", name, "wrong", wrong, "says", says, "input", hex(input)));
  }

  private void header(String name, String wrong, String says, int place, String item) {
    byte[][] items = revoke.clone();
    items[place] = bytes(item);
    record(name, wrong, says, wrap(array(items)));
  }

  private void body(String name, String wrong, String says, int type, String item) {
    byte[][] items = revoke.clone();
    items[TYPE] = new CborWriter().integer(type).toBytes();
    items[BODY] = bytes(item);
    record(RecordType.nameOf(type) + ": " + name, wrong, says, wrap(array(items)));
  }

  private String key() {
    return "5820" + hex(samples.invite.publicKey().toBytes());
  }

  private static String experiment(String head, String verdict, String failed, String width) {
    String arm = "83" + "01" + failed + "00";
    return head
        + hash()
        + "63776562"
        + "63776562"
        + verdict
        + "0001"
        + arm
        + arm
        + "00"
        + width
        + "000000";
  }

  private static String hash() {
    return "5820" + "11".repeat(Hash.BYTES);
  }

  private String join(String name) {
    String own = "5820" + hex(samples.joiner.publicKey().toBytes());
    return "84" + own + key() + "5840" + "00".repeat(64) + name;
  }

  private static String heal(String kind) {
    return "86" + "6161" + "6162" + kind + "6163" + "60" + hash();
  }

  private static String contact(String head, int length) {
    return "830080" + "8184" + "50" + "11".repeat(16) + "0000" + head + "00".repeat(length);
  }

  private static String endpoint(String owner, String weight) {
    String url = hex(new CborWriter().text("http://a:1").toBytes());
    return "8703" + "63776562" + "657765622f61" + url + owner + "60" + weight;
  }

  private static String checkpoint(String size, String kept) {
    return "87" + size + hash() + hash() + hash() + kept + hash() + "5840" + "00".repeat(64);
  }

  private String cut(String epoch) {
    FeedId feed = samples.feed;
    return "84" + hex(string(feed.author().toBytes())) + epoch + "01" + hash();
  }

  private static byte[] wrap(byte[] payload) {
    return concat(PREFIX, string(payload), bytes("5840"), SIGNATURE);
  }

  private static byte[] array(byte[][] items) {
    CborWriter out = new CborWriter().array(items.length);
    for (byte[] item : items) {
      out.item(item);
    }
    return out.toBytes();
  }

  private static byte[] string(byte[] content) {
    return new CborWriter().bytes(content).toBytes();
  }

  private static byte[] replaced(byte[] bytes, int at, String with) {
    byte[] changed = bytes.clone();
    byte[] replacement = bytes(with);
    System.arraycopy(replacement, 0, changed, at, replacement.length);
    return changed;
  }

  private static byte[] concat(byte[]... parts) {
    CborWriter out = new CborWriter();
    for (byte[] part : parts) {
      out.item(part);
    }
    return out.toBytes();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
