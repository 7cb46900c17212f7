package io.skein.ledger.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Key files.
public final class KeySamples {
  /// The passphrase of those that are encrypted.
  public static final String PASSPHRASE = "open sesame";

  private KeySamples() {}

  /// A structure as PEM.
  public static String pem(String what, byte[] structure) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(structure)
        + "\n-----END "
        + what
        + "-----\n";
  }

  /// Encrypted structures by name: as this program writes them, and with so few rounds that opening
  /// takes no time.
  public static Map<String, byte[]> encrypted(SigningKey key) {
    Map<String, byte[]> structures = new LinkedHashMap<>();
    try (Passphrase passphrase = Passphrase.of(PASSPHRASE.getBytes(StandardCharsets.UTF_8))) {
      byte[] written = EncryptedPkcs8.encode(key, passphrase, new SplittableRandom(5));
      structures.put("written", written);
      byte[] few = written.clone();
      byte[] rounds = {0x02, 0x03, 0x09, 0x27, (byte) 0xc0};
      for (int at = 0; at + rounds.length <= few.length; at++) {
        if (Arrays.equals(few, at, at + rounds.length, rounds, 0, rounds.length)) {
          few[at + 2] = 0;
          few[at + 3] = 0;
          few[at + 4] = 2;
        }
      }
      structures.put("few", few);
    }
    return structures;
  }

  /// Files, and the structure inside them, by name.
  public static Map<String, byte[]> files(SigningKey key) {
    byte[] structure = Pkcs8.encode(key);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("structure", structure);
    files.put(
        "pem",
        ("-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(structure)
                + "\n-----END PRIVATE KEY-----\n")
            .getBytes(StandardCharsets.US_ASCII));
    return files;
  }
}
