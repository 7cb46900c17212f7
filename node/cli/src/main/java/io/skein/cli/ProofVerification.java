package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.RecordProof.Judgement;
import io.skein.ledger.proof.RecordProof.Trust;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Verifies a proof without a node. A class of its own, so that other verbs do not load the ledger.
final class ProofVerification {
  private static final int MAX_BYTES = 8 << 20;

  private ProofVerification() {}

  static ExitCode verify(Session session, Arguments arguments) {
    RecordProof proof = read(arguments.text("--proof").orElse(""));
    Trust trust = trust(arguments);
    Judgement judgement = proof.judge(trust);
    switch (session.form()) {
      case JSON -> session.out().print(json(proof, judgement).compact() + "\n");
      case YAML -> session.out().print(json(proof, judgement).yaml());
      case TABLE, WIDE -> session.out().print(text(judgement));
    }
    if (judgement instanceof Judgement.Proven
        && trust.meshId().isEmpty()
        && trust.key().isEmpty()) {
      session.say(
          "This says that the proof fits together. That it is of your mesh, "
              + proof.meshId()
              + ", only you can say: --mesh ID or --key KEY compares.");
    }
    return judgement instanceof Judgement.Proven ? ExitCode.OK : ExitCode.NO;
  }

  /// What the options say is to be trusted.
  static Trust trust(Arguments arguments) {
    return new Trust(
        arguments.text("--mesh").map(ProofVerification::mesh),
        arguments.text("--key").map(ProofVerification::key),
        arguments.number("--witnesses", 0, 64).orElse(0L).intValue());
  }

  private static RecordProof read(String file) {
    byte[] bytes;
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage("--proof: '" + file + "' cannot be read: " + e.getMessage());
    }
    if (bytes.length > MAX_BYTES) {
      throw new Failure(ExitCode.NO, "INVALID: no proof is larger than 8 MiB");
    }
    try {
      return proof(JsonText.parse(bytes));
    } catch (IOException | IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new Failure(ExitCode.NO, "INVALID: '" + file + "' is no proof: " + why);
    }
  }

  /// Throws IllegalArgumentException for whatever is missing or malformed.
  static RecordProof proof(Json json) {
    if (!json.get("format").text("").equals("skein-record-proof-1")) {
      throw new IllegalArgumentException("its format is not skein-record-proof-1");
    }
    List<Hash> hashes = new ArrayList<>();
    for (Json hash : json.get("hashes").items()) {
      hashes.add(Hash.parse(hash.text("")));
    }
    List<byte[]> admission = new ArrayList<>();
    for (Json record : json.get("admission").items()) {
      admission.add(base64(record));
    }
    return new RecordProof(
        Hash.parse(json.get("meshId").text("")),
        base64(json.get("record")),
        new InclusionProof(number(json.get("index")), number(json.get("size")), hashes),
        json.get("checkpoint").text("").getBytes(StandardCharsets.UTF_8),
        admission);
  }

  private static byte[] base64(Json value) {
    byte[] bytes = Base64.getDecoder().decode(value.text(""));
    if (bytes.length == 0 || bytes.length > SignedRecord.MAX_BYTES) {
      throw new IllegalArgumentException("a record has " + bytes.length + " bytes");
    }
    return bytes;
  }

  static long number(Json value) {
    try {
      return Long.parseLong(value.text(""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("index or size is no whole number", e);
    }
  }

  private static Hash mesh(String text) {
    try {
      return Hash.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--mesh: '" + text + "' (expected: 64 hexadecimal digits)");
    }
  }

  /// 64 hexadecimal digits, or `name+id+base64` as note tools write keys.
  private static PublicKey key(String text) {
    try {
      int plus = text.lastIndexOf('+');
      String id = text.indexOf('+') < 0 ? "" : text.substring(text.indexOf('+') + 1);
      if (id.length() > 9 && id.charAt(8) == '+') {
        byte[] blob = Base64.getDecoder().decode(id.substring(9));
        return PublicKey.of(java.util.Arrays.copyOfRange(blob, 1, blob.length));
      }
      if (plus < 0) {
        return PublicKey.of(Hash.parse(text).toBytes());
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw Failure.usage("--key: '" + text + "' (expected: 64 hexadecimal digits or name+id+key)");
  }

  private static String text(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Failed(RecordProof.Step step, String reason) ->
          "INVALID at " + name(step) + ": " + reason + "\n";
      case Judgement.Proven proven ->
          String.format(
              Locale.ROOT,
              "valid: %s %s is record %d of feed %s/%s in mesh \"%s\" (%s),%n"
                  + "  in a tree of %d records whose root its author and %d other %s%s signed%n",
              proven.record().body().typeName(),
              proven.record().hash(),
              proven.record().seq(),
              proven.record().author(),
              Long.toUnsignedString(proven.record().epoch()),
              Figures.printable(proven.mesh().name(), 100),
              proven.mesh().meshId(),
              proven.head().size(),
              proven.witnesses().size(),
              proven.witnesses().size() == 1 ? "member" : "members",
              branches(proven));
    };
  }

  private static String branches(Judgement.Proven proven) {
    return proven.branches() < proven.witnesses().size()
        ? " of " + proven.branches() + (proven.branches() == 1 ? " branch" : " branches")
        : "";
  }

  private static String name(RecordProof.Step step) {
    return step.name().toLowerCase(Locale.ROOT);
  }

  private static Json json(RecordProof proof, Judgement judgement) {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("valid", Json.of(judgement instanceof Judgement.Proven));
    out.put("meshId", Json.of(proof.meshId().toString()));
    switch (judgement) {
      case Judgement.Failed(RecordProof.Step step, String reason) -> {
        out.put("step", Json.of(name(step)));
        out.put("reason", Json.of(reason));
      }
      case Judgement.Proven proven -> {
        out.put("hash", Json.of(proven.record().hash().toString()));
        out.put("author", Json.of(proven.record().author().toString()));
        out.put("epoch", Json.of(Long.toUnsignedString(proven.record().epoch())));
        out.put("seq", Json.of(proven.record().seq()));
        out.put("size", Json.of(proven.head().size()));
        out.put("root", Json.of(proven.head().root().toString()));
        out.put(
            "witnesses", Json.texts(proven.witnesses().stream().map(NodeId::toString).toList()));
        out.put("branches", Json.of(proven.branches()));
      }
    }
    return Json.of(out);
  }
}
