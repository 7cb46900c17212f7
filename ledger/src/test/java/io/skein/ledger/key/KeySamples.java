package io.skein.ledger.key;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Key files.
public final class KeySamples {
  private KeySamples() {}

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
