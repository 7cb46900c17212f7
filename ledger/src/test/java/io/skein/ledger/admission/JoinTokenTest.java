package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.JoinToken.Parsed;
import io.skein.ledger.key.SigningKey;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JoinTokenTest {
  private final Scene scene = new Scene(1);
  private final SigningKey invite = scene.key();
  private final JoinToken token =
      new JoinToken(
          scene.meshId, invite.seed(), scene.founder.nodeId(), 1_800_000_000_000L, "mésh");

  @Test
  void survivesTheRoundTripThroughText() {
    assertTrue(token.text().startsWith("skein1."));
    assertEquals(new Parsed.Token(token), JoinToken.parse(token.text()));
    assertEquals(new Parsed.Token(token), JoinToken.parse("  " + token.text() + "\n"));
    assertEquals(invite.publicKey(), token.inviteKey().publicKey());
  }

  @Test
  void itsCredentialProvesPossession() {
    Credential credential = token.credential(scene.key().publicKey(), "n");
    assertTrue(credential.proves());
    assertEquals(scene.meshId, credential.meshId());
  }

  @ParameterizedTest
  @CsvSource({
    "'', empty",
    "'  ', empty",
    "hello, does not start with 'skein1.'",
    "skein2.AAAA, does not start with 'skein1.'",
    "skein1., incomplete or mistyped",
    "skein1.AAAA, incomplete or mistyped",
    "skein1.!, characters that do not belong",
  })
  void saysWhatIsWrong(String text, String reason) {
    var refused = assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(text));
    assertTrue(refused.reason().contains(reason), refused.reason());
  }

  @Test
  void refusesEveryTruncationAndTypo() {
    String text = token.text();
    SplittableRandom random = new SplittableRandom(1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int at = 0; at < text.length(); at++) {
      assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(text.substring(0, at)));
      char typo = alphabet.charAt(random.nextInt(64));
      if (typo != text.charAt(at)) {
        String mistyped = text.substring(0, at) + typo + text.substring(at + 1);
        assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(mistyped));
      }
    }
    for (char last : alphabet.toCharArray()) {
      if (last != text.charAt(text.length() - 1)) {
        String other = text.substring(0, text.length() - 1) + last;
        assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(other), "one token, one text");
      }
    }
    assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(text + "="));
    assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse("skein1." + "A".repeat(100_000)));
  }

  @Test
  void refusesAVersionItDoesNotKnow() throws Exception {
    byte[] content = {(byte) 0x81, 0x02};
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
    byte[] all = {content[0], content[1], sum[0], sum[1], sum[2], sum[3]};
    String text = "skein1." + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    var refused = assertInstanceOf(Parsed.NotAToken.class, JoinToken.parse(text));
    assertTrue(refused.reason().contains("version"), refused.reason());
  }

  @Test
  void keepsItsSecretOutOfText() {
    String secret = HexFormat.of().formatHex(invite.seed());
    assertFalse(token.toString().contains(secret));
    assertFalse(token.toString().contains(token.text().substring(7)));
    assertFalse(new Parsed.Token(token).toString().contains(secret));
    byte[] seed = token.inviteSeed();
    seed[0] ^= 1;
    assertEquals(invite.publicKey(), token.inviteKey().publicKey());
    assertThrows(
        IllegalArgumentException.class,
        () -> new JoinToken(scene.meshId, new byte[31], scene.founder.nodeId(), 0, "m"));
  }
}
