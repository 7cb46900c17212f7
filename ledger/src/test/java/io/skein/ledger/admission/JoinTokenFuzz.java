package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.admission.JoinToken.Parsed;
import io.skein.ledger.fuzz.Allocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/// Join tokens from any bytes: as text, and as content under a sound checksum.
public final class JoinTokenFuzz {
  private JoinTokenFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    parse(input, new String(input, StandardCharsets.UTF_8));
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(input);
    byte[] all = Arrays.copyOf(input, input.length + 4);
    System.arraycopy(sum, 0, all, input.length, 4);
    parse(input, "skein1." + Base64.getUrlEncoder().withoutPadding().encodeToString(all));
  }

  private static void parse(byte[] input, String text) throws Exception {
    switch (Allocation.bounded(input, 64, () -> JoinToken.parse(text))) {
      case Parsed.NotAToken(String reason) -> assertFalse(reason.isBlank());
      case Parsed.Token(JoinToken token) -> {
        assertEquals(text.strip(), token.text());
        assertEquals(new Parsed.Token(token), JoinToken.parse(token.text()));
        assertEquals(token.inviteKey().publicKey(), token.inviteKey().publicKey());
        assertFalse(token.toString().isBlank());
      }
    }
  }
}
