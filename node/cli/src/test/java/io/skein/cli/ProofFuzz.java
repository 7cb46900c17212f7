package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.RecordProof.Judgement;
import io.skein.ledger.proof.RecordProof.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `proof.json` as `skein ledger verify --proof` reads it, from any bytes. An input that begins
/// with 0, 1 or 2 is the record, a link of the admission or the checkpoint of an otherwise sound
/// proof: what is behind base64 and quotes is reached so. Whatever is read, it proves the one
/// record that was signed, or nothing.
public final class ProofFuzz {
  private static final Trust ANY = new Trust(Optional.empty(), Optional.empty(), 0);
  private static final Map<String, Json> SOUND = sound();
  private static final String RECORD = Json.of(SOUND).get("hash").text("");

  private ProofFuzz() {}

  private static Map<String, Json> sound() {
    for (String folder : List.of("", "node/cli/")) {
      Path file = Path.of(folder + "src/test/resources/fuzz/proof/sound");
      if (Files.exists(file)) {
        try {
          return ((Json.Members) JsonText.parse(Files.readAllBytes(file))).members();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException("src/test/resources/fuzz/proof/sound is not there");
  }

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) {
    judge(whole(input));
  }

  private static byte[] whole(byte[] input) {
    if (input.length == 0 || input[0] < 0 || input[0] > 2) {
      return input;
    }
    byte[] part = Arrays.copyOfRange(input, 1, input.length);
    Map<String, Json> members = new LinkedHashMap<>(SOUND);
    switch (input[0]) {
      case 0 -> members.put("record", base64(part));
      case 1 -> members.put("admission", new Json.Items(List.of(base64(part))));
      case 2 -> members.put("checkpoint", Json.of(new String(part, StandardCharsets.UTF_8)));
      default -> {
        return input;
      }
    }
    return Json.of(members).compact().getBytes(StandardCharsets.UTF_8);
  }

  private static Json base64(byte[] part) {
    return Json.of(Base64.getEncoder().encodeToString(part));
  }

  private static void judge(byte[] file) {
    RecordProof proof;
    try {
      proof = ProofVerification.proof(JsonText.parse(file));
    } catch (IOException | IllegalArgumentException e) {
      // As the command line answers: in words.
      assertFalse(String.valueOf(e.getMessage()).isBlank());
      return;
    }
    switch (proof.judge(ANY)) {
      case Judgement.Proven proven -> assertEquals(RECORD, proven.record().hash().toString());
      case Judgement.Failed(_, String reason) -> assertFalse(reason.isBlank());
    }
  }
}
