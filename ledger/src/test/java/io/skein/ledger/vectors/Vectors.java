package io.skein.ledger.vectors;

import static io.skein.ledger.vectors.Json.hex;
import static io.skein.ledger.vectors.Json.object;

import io.skein.ledger.admission.AdmissionSamples;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.HeadVector;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.note.NoteKey;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncSamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The test vectors, made anew from their seeds.
public final class Vectors {
  static final Path FOLDER = Path.of("src/test/resources/vectors");

  private static final int TREE_SIZE = 9;

  private final Samples samples = new Samples();
  private final FileVectors fileVectors = new FileVectors(samples);
  private final ProofVectors proofVectors = new ProofVectors(samples);

  /// The files by name.
  Map<String, String> files() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("keys.json", Json.write(keys()));
    files.put("records.json", Json.write(records()));
    files.put("tree.json", Json.write(tree()));
    files.put("heads.json", Json.write(heads()));
    files.put("notes.json", Json.write(notes()));
    files.put("admission.json", Json.write(admission()));
    files.put("sync.json", Json.write(sync()));
    files.put("segment.json", Json.write(fileVectors.segment()));
    files.put("directory.json", Json.write(fileVectors.directory()));
    files.put("key-files.json", Json.write(fileVectors.keyFiles()));
    files.put("receipts.json", Json.write(proofVectors.receipts()));
    files.put("proof.json", Json.write(proofVectors.proof()));
    files.put("tiles.json", Json.write(proofVectors.tiles()));
    files.put("witnesses.json", Json.write(proofVectors.witnesses()));
    files.put("refused.json", Json.write(Refused.all(samples)));
    return files;
  }

  /// Writes the files kept.
  ///
  /// @param arguments the folder; [#FOLDER] without one
  public static void main(String[] arguments) throws Exception {
    Path folder = arguments.length == 0 ? FOLDER : Path.of(arguments[0]);
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : new Vectors().files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private List<Object> keys() {
    List<Object> keys = new ArrayList<>();
    samples.keys.forEach((name, key) ->
        keys.add(
            object(
                "name",
                name,
                "seed",
                hex(key.seed()),
                "publicKey",
                hex(key.publicKey().toBytes()),
                "nodeId",
                hex(key.nodeId().toBytes()),
                "nodeIdText",
                key.nodeId().toString())));
    return keys;
  }

  private List<Object> records() {
    List<Object> records = new ArrayList<>();
    samples.records.forEach((name, record) -> {
      byte[] signed = record.signed();
      Body body = record.body();
      records.add(
          object(
              "name",
              name,
              "key",
              keyOf(record),
              "mesh",
              record.meshId().toString(),
              "author",
              hex(record.author().toBytes()),
              "epoch",
              Long.toUnsignedString(record.epoch()),
              "seq",
              Long.toString(record.seq()),
              "prev",
              record.prev().toString(),
              "hlc",
              Long.toString(record.hlc()),
              "type",
              body.type(),
              "typeName",
              body.typeName(),
              "body",
              Json.components((Record) body),
              "payload",
              hex(payload(signed)),
              "signed",
              hex(signed),
              "signature",
              hex(record.signature()),
              "encoded",
              hex(record.encoded()),
              "hash",
              record.hash().toString()));
    });
    return records;
  }

  private String keyOf(SignedRecord record) {
    for (Map.Entry<String, SigningKey> key : samples.keys.entrySet()) {
      if (key.getValue().nodeId().equals(record.author())) {
        return key.getKey();
      }
    }
    throw new AssertionError("no key of " + record);
  }

  /// Sig_structure is an array of 4: 12 bytes up to the protected header's 4, one for no external
  /// data, then the payload as a byte string.
  private static byte[] payload(byte[] signed) {
    int at = 1 + 11 + 4 + 1;
    int head = (signed[at] & 0x1f) < 24 ? 1 : (signed[at] & 0x1f) == 24 ? 2 : 3;
    return Arrays.copyOfRange(signed, at + head, signed.length);
  }

  private Object tree() {
    List<Hash> leaves = samples.hashes().subList(0, TREE_SIZE);
    List<Object> roots = new ArrayList<>();
    List<Object> inclusion = new ArrayList<>();
    List<Object> consistency = new ArrayList<>();
    for (int size = 1; size <= TREE_SIZE; size++) {
      List<Hash> tree = leaves.subList(0, size);
      roots.add(object("size", size, "root", Tree.root(tree).toString()));
      for (int index = 0; index < size; index++) {
        inclusion.add(
            object("index", index, "size", size, "path", hashes(Tree.inclusion(index, tree))));
      }
      for (int from = 1; from <= size; from++) {
        consistency.add(
            object("from", from, "to", size, "path", hashes(Tree.consistency(from, tree))));
      }
    }
    return object(
        "leaves",
        hashes(leaves),
        "roots",
        roots,
        "inclusion",
        inclusion,
        "consistency",
        consistency);
  }

  private static List<Object> hashes(List<Hash> hashes) {
    return List.copyOf(hashes.stream().map(Hash::toString).toList());
  }

  private List<Object> heads() {
    TreeMap<FeedId, Head> heads = new TreeMap<>();
    List<Object> vectors = new ArrayList<>();
    vectors.add(headVector("none", heads, new TreeMap<>()));
    SignedRecord last = samples.founderFeed().getLast();
    heads.put(last.feed(), new Head(last.seq(), last.hash()));
    vectors.add(headVector("one", heads, new TreeMap<>()));
    for (String name : List.of("join", "epoch")) {
      SignedRecord record = samples.sample(name);
      heads.put(record.feed(), new Head(record.seq(), record.hash()));
    }
    vectors.add(headVector("three", heads, new TreeMap<>()));
    TreeMap<FeedId, Long> frozen = new TreeMap<>();
    frozen.put(samples.sample("forked-one").feed(), 2L);
    frozen.put(samples.sample("epoch").feed(), 2L);
    vectors.add(headVector("frozen", heads, frozen));
    return vectors;
  }

  private static Object headVector(
      String name, TreeMap<FeedId, Head> heads, TreeMap<FeedId, Long> frozen) {
    List<Object> entries = new ArrayList<>();
    heads.forEach((feed, head) ->
        entries.add(
            object(
                "author",
                hex(feed.author().toBytes()),
                "epoch",
                Long.toUnsignedString(feed.epoch()),
                "seq",
                Long.toString(head.seq()),
                "hash",
                head.hash().toString())));
    List<Object> cuts = new ArrayList<>();
    frozen.forEach((feed, at) ->
        cuts.add(
            object(
                "author",
                hex(feed.author().toBytes()),
                "epoch",
                Long.toUnsignedString(feed.epoch()),
                "at",
                Long.toString(at))));
    return object(
        "name",
        name,
        "heads",
        entries,
        "frozen",
        cuts,
        "root",
        HeadVector.root(heads, frozen).toString());
  }

  /// The checkpoint of the founder's feed, cosigned by the joiner.
  public static CheckpointNote checkpoint(Samples samples) {
    if (!(samples.sample("checkpoint").body() instanceof Body.Checkpoint checkpoint)) {
      throw new AssertionError("no checkpoint");
    }
    TreeHead head = TreeHead.of(samples.meshId, samples.feed, checkpoint.size(), checkpoint.root());
    return CheckpointNote.of(
        head,
        samples.founder.publicKey(),
        checkpoint.noteSignature(),
        Map.of(
            samples.joiner.publicKey(), head.cosign(samples.joiner, Samples.START_MILLIS / 1_000)));
  }

  private Object notes() {
    CheckpointNote note = checkpoint(samples);
    TreeHead head = note.head();
    Cosignature cosignature = head.cosign(samples.joiner, Samples.START_MILLIS / 1_000);
    return object(
        "text",
        head.text(),
        "authorKey",
        NoteKey.author(samples.meshId, samples.feed, samples.founder.publicKey()).verifierKey(),
        "authorSignature",
        hex(head.sign(samples.founder)),
        "cosignerKey",
        NoteKey.cosigner(samples.meshId, samples.joiner.publicKey()).verifierKey(),
        "cosignedAtSeconds",
        Long.toString(cosignature.timeSeconds()),
        "cosignature",
        hex(cosignature.signature()),
        "note",
        new String(note.encoded(), StandardCharsets.UTF_8));
  }

  private Object admission() throws Exception {
    return object(
        "token",
        object(
            "text",
            AdmissionSamples.token(samples).text(),
            "mesh",
            samples.meshId.toString(),
            "inviteSeed",
            hex(samples.invite.seed()),
            "issuer",
            hex(samples.founder.nodeId().toBytes()),
            "expiresAtMillis",
            Long.toString(AdmissionSamples.token(samples).expiresAtMillis()),
            "meshName",
            AdmissionSamples.token(samples).meshName()),
        "certificates",
        List.of(
            certificate("founder", AdmissionSamples.founder(samples)),
            certificate("joiner", AdmissionSamples.joiner(samples)),
            certificate("successor", AdmissionSamples.successor(samples))));
  }

  private static Object certificate(String name, X509Certificate certificate) throws Exception {
    MeshCertificate parsed = MeshCertificate.parse(certificate);
    return object(
        "key",
        name,
        "publicKey",
        hex(parsed.key().toBytes()),
        "extension",
        MeshCertificate.CREDENTIAL_OID,
        "claim",
        hex(parsed.credential()),
        "certificate",
        hex(certificate.getEncoded()));
  }

  private List<Object> sync() {
    List<Object> messages = new ArrayList<>();
    SyncSamples.of(samples.meshId, samples.founderFeed())
        .forEach((name, message) -> messages.add(object("name", name, "message", hex(message))));
    return messages;
  }
}
