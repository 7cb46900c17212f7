package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VerifiedSignaturesTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final SigningKey other = SigningKey.generate(random);
  private final byte[] message = {1, 2, 3};

  @Test
  void everyAnswerIsThatOfVerificationItself() {
    VerifiedSignatures verified = new VerifiedSignatures();
    byte[] signature = key.sign(message);
    for (int round = 0; round < 3; round++) {
      verified.during(() -> {
        assertTrue(key.publicKey().verifies(message, signature));
        assertFalse(other.publicKey().verifies(message, signature));
        assertFalse(key.publicKey().verifies(new byte[] {1, 2, 4}, signature));
        assertFalse(key.publicKey().verifies(message, new byte[PublicKey.SIGNATURE_BYTES]));
        assertFalse(key.publicKey().verifies(message, new byte[3]));
        for (int at = 0; at < signature.length; at++) {
          byte[] changed = signature.clone();
          changed[at] ^= 1;
          assertFalse(key.publicKey().verifies(message, changed));
        }
        return true;
      });
    }
    assertEquals(1, verified.size());
  }

  @Test
  void whoChangesAnArrayAfterwardsChangesNothing() {
    VerifiedSignatures verified = new VerifiedSignatures();
    byte[] signature = key.sign(message);
    byte[] mine = message.clone();
    verified.during(() -> {
      assertTrue(key.publicKey().verifies(mine, signature));
      mine[0] = 9;
      assertFalse(key.publicKey().verifies(mine, signature));
      return assertThrows(IllegalArgumentException.class, () -> PublicKey.of(new byte[32]));
    });
  }
}
