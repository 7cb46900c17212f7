package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

class Ed25519VerifierTest {
  private static final HexFormat HEX = HexFormat.of();

  /// RFC 8032 §7.1, tests 1, 2 and 3: key, message, signature.
  private static final String[][] VECTORS = {
    {
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
          + "d25bf5f0595bbe24655141438e7a100b"
    },
    {
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
          + "387b2eaeb4302aeeb00d291612bb0c00"
    },
    {
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
          + "4a7c15e9716ed28dc027beceea1ec40a"
    },
  };

  @Test
  void verifiesTheVectorsOfTheStandard() {
    for (String[] vector : VECTORS) {
      PublicKey key = PublicKey.of(HEX.parseHex(vector[0]));
      byte[] message = HEX.parseHex(vector[1]);
      byte[] signature = HEX.parseHex(vector[2]);
      assertTrue(key.verifies(message, signature));
      for (int bit = 0; bit < signature.length * 8; bit += 7) {
        byte[] wrong = signature.clone();
        wrong[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(key.verifies(message, wrong), "bit " + bit);
      }
    }
  }

  @Test
  void agreesWithAnotherImplementationOnRandomKeysAndMessages() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      SigningKey key = SigningKey.generate(random);
      byte[] message = new byte[random.nextInt(300)];
      random.nextBytes(message);
      byte[] signature = key.sign(message);
      if (i % 3 == 1) {
        signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
      } else if (i % 3 == 2 && message.length > 0) {
        message[random.nextInt(message.length)] ^= 1;
      }
      boolean expected =
          Ed25519.verify(signature, 0, key.publicKey().toBytes(), 0, message, 0, message.length);
      assertEquals(expected, key.publicKey().verifies(message, signature), "case " + i);
    }
  }

  @Test
  void multipliesEveryScalarLikeRepeatedAddition() {
    SplittableRandom random = new SplittableRandom(6);
    byte[] bytes = new byte[32];
    Ed25519Point sum = new Ed25519Point();
    Ed25519Point one = Ed25519Verifier.base(BigInteger.ONE);
    for (int i = 0; i < 40; i++) {
      assertArrayEquals(sum.encoded(), Ed25519Verifier.base(BigInteger.valueOf(i)).encoded());
      sum.add(one);
      random.nextBytes(bytes);
      BigInteger scalar = new BigInteger(1, bytes).mod(Ed25519Comb.ORDER);
      Ed25519Point whole = Ed25519Verifier.base(scalar);
      Ed25519Point rest =
          Ed25519Verifier.base(Ed25519Comb.ORDER.subtract(scalar).add(BigInteger.TEN));
      whole.add(rest);
      assertArrayEquals(Ed25519Verifier.base(BigInteger.TEN).encoded(), whole.encoded());
    }
  }

  @Test
  void refusesAScalarThatIsNotReduced() {
    SigningKey key = SigningKey.generate(new SplittableRandom(7));
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign(message);
    byte[] s = new byte[33];
    for (int i = 0; i < 32; i++) {
      s[32 - i] = signature[32 + i];
    }
    byte[] more = new BigInteger(1, s).add(Ed25519Comb.ORDER).toByteArray();
    for (int i = 0; i < 32; i++) {
      signature[32 + i] = i < more.length ? more[more.length - 1 - i] : 0;
    }
    assertFalse(key.publicKey().verifies(message, signature), "signatures are not malleable");
  }

  /// R with a point of small order added is no signature, though eight times of it is one.
  @Test
  void refusesACommitmentOutsideThePrimeGroup() {
    SigningKey key = SigningKey.generate(new SplittableRandom(8));
    byte[] message = {9};
    byte[] signature = key.sign(message);
    byte[] minusOne = new byte[32];
    java.util.Arrays.fill(minusOne, (byte) 0xff);
    minusOne[0] = (byte) 0xec;
    minusOne[31] = 0x7f;
    System.arraycopy(minusOne, 0, signature, 0, 32);
    assertFalse(key.publicKey().verifies(message, signature));
  }
}
