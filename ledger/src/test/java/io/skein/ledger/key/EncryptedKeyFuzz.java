package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.fuzz.Allocation;
import java.nio.charset.StandardCharsets;

/// Encrypted PKCS#8 structures from any bytes. What asks for few rounds is opened as well.
public final class EncryptedKeyFuzz {
  private static final int FEW = 64;

  private EncryptedKeyFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    switch (Allocation.bounded(input, 256, () -> EncryptedPkcs8.form(input))) {
      case EncryptedPkcs8.Form.Unknown(String why) -> assertFalse(why.isBlank());
      case EncryptedPkcs8.Form.Locked locked -> {
        assertTrue(locked.iterations() >= 1 && locked.iterations() <= 10_000_000);
        assertTrue(locked.salt().length <= 64 && locked.content().length <= 256);
        if (locked.iterations() <= FEW) {
          try (Passphrase passphrase =
              Passphrase.of("open sesame".getBytes(StandardCharsets.UTF_8))) {
            opened(input, EncryptedPkcs8.decode(input, passphrase));
          }
        }
      }
    }
  }

  private static void opened(byte[] input, EncryptedPkcs8.Opened opened) {
    switch (opened) {
      case EncryptedPkcs8.Opened.Key(SigningKey key) ->
          assertTrue(key.seed().length == SigningKey.SEED_BYTES);
      case EncryptedPkcs8.Opened.WrongPassphrase _ -> assertTrue(input.length > 0);
      case EncryptedPkcs8.Opened.Unknown(String why) -> assertFalse(why.isBlank());
    }
  }
}
