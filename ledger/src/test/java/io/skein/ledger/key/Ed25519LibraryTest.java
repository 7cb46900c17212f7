package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Nodes with different libraries, and the JDK's own as a third opinion, must come to one verdict
/// on anything that a peer can write. Where AWS-LC does not load the others are compared.
class Ed25519LibraryTest {
  private static final BouncyCastle BOUNCY_CASTLE = new BouncyCastle();
  private static final List<Ed25519Library> LIBRARIES = new ArrayList<>(List.of(BOUNCY_CASTLE));

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final BigInteger secret = EdwardsPoint.scalar(key.seed());
  private final byte[] a = key.publicKey().toBytes();

  @BeforeAll
  static void load() {
    try {
      LIBRARIES.add(AwsLc.load(BOUNCY_CASTLE));
    } catch (GeneralSecurityException | LinkageError e) {
      System.err.println("AWS-LC is not compared: " + e.getMessage());
    }
  }

  @Test
  void theNativeLibraryLoadsWhereThereIsOne() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"));
    assertEquals(2, LIBRARIES.size());
    assertTrue(LIBRARIES.getLast().name().startsWith("AWS-LC"), LIBRARIES.getLast()::name);
  }

  @Test
  void knowsTheAnswersOfTheStandard() {
    for (Ed25519Library library : LIBRARIES) {
      assertTrue(KnownAnswers.given(library), library::name);
    }
  }

  @Test
  void signaturesAreEqualByteByByte() {
    for (int length = 0; length < 300; length += 7) {
      SigningKey each = SigningKey.generate(random);
      byte[] message = bytes(length);
      byte[] expected = BOUNCY_CASTLE.sign(each, message);
      for (Ed25519Library library : LIBRARIES) {
        assertArrayEquals(expected, library.sign(each, message));
      }
      assertTrue(verdict(each.publicKey(), message, expected));
      assertFalse(verdict(key.publicKey(), message, expected));
    }
    byte[] long1 = bytes(65_000);
    assertTrue(verdict(key.publicKey(), long1, LIBRARIES.getLast().sign(key, long1)));
  }

  @Test
  void everyFlippedBitIsSeen() {
    byte[] message = bytes(80);
    byte[] signature = key.sign(message);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      assertFalse(verdict(key.publicKey(), message, flipped(signature, bit)), "bit " + bit);
    }
    for (int bit = 0; bit < 8 * message.length; bit += 5) {
      assertFalse(verdict(key.publicKey(), flipped(message, bit), signature));
    }
  }

  @Test
  void rubbishIsRefused() {
    for (int i = 0; i < 300; i++) {
      assertFalse(verdict(key.publicKey(), bytes(i), bytes(64)));
    }
    assertFalse(verdict(key.publicKey(), new byte[0], new byte[64]));
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    assertFalse(verdict(key.publicKey(), new byte[0], ones));
    for (int length : new int[] {0, 1, 32, 63, 65, 128}) {
      assertFalse(key.publicKey().verifies(new byte[0], new byte[length]));
    }
  }

  // "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), cases 4 and 5: only an equation
  // without cofactor tells. Bouncy Castle by itself takes some of them, by what k happens to be.
  @Test
  void aPartOfSmallOrderInTheSignatureIsRefused() {
    int takenByBouncyCastleAlone = 0;
    for (EdwardsPoint torsion : EdwardsPoint.smallOrder()) {
      boolean honest = torsion.equals(EdwardsPoint.NEUTRAL);
      for (int i = 0; i < 12; i++) {
        byte[] message = bytes(20 + i);
        BigInteger r = EdwardsPoint.number(bytes(32)).mod(EdwardsPoint.L);
        byte[] bigR = EdwardsPoint.BASE.times(r).plus(torsion).encoded();
        byte[] signature = signature(bigR, r, message);
        assertEquals(honest, verdict(key.publicKey(), message, signature));
        if (!honest && Ed25519.verify(signature, 0, key.publicKey().point(), message, 0, 20 + i)) {
          takenByBouncyCastleAlone++;
        }
      }
    }
    assertTrue(takenByBouncyCastleAlone > 0, "then the second check is not needed any more");
  }

  // R of small order or neutral, in every encoding there is: cases 0 to 2 and 8 to 11 of the same.
  @Test
  void aSignatureThatIsAPointOfSmallOrderCountsOnlyIfItIsNeutral() {
    for (EdwardsPoint torsion : EdwardsPoint.smallOrder()) {
      for (byte[] bigR : encodings(torsion)) {
        for (int i = 0; i < 10; i++) {
          byte[] message = bytes(i);
          byte[] signature = signature(bigR, BigInteger.ZERO, message);
          boolean neutral = Arrays.equals(bigR, EdwardsPoint.NEUTRAL.encoded());
          assertEquals(
              neutral,
              verdict(key.publicKey(), message, signature),
              () -> HexFormat.of().formatHex(bigR));
          assertFalse(verdict(key.publicKey(), message, halves(bigR, new byte[32])));
        }
      }
    }
  }

  @Test
  void aScalarBeyondTheOrderIsRefused() {
    byte[] message = bytes(40);
    byte[] right = key.sign(message);
    byte[] bigR = Arrays.copyOf(right, 32);
    BigInteger s = EdwardsPoint.number(Arrays.copyOfRange(right, 32, 64));
    for (BigInteger more = s.add(EdwardsPoint.L);
        more.bitLength() <= 256;
        more = more.add(EdwardsPoint.L)) {
      assertFalse(verdict(key.publicKey(), message, halves(bigR, EdwardsPoint.littleEndian(more))));
    }
    for (BigInteger edge :
        List.of(
            EdwardsPoint.L,
            EdwardsPoint.L.subtract(BigInteger.ONE),
            EdwardsPoint.L.add(BigInteger.ONE))) {
      assertFalse(verdict(key.publicKey(), message, halves(bigR, EdwardsPoint.littleEndian(edge))));
    }
  }

  @Test
  void aPointThatIsNoneOrWrittenAnotherWayIsRefused() {
    byte[] message = bytes(33);
    for (int i = 0; i < 40; i++) {
      // Every y from P up to 2^255 − 1, with either sign: the second encodings, of y from 0 to 18.
      BigInteger y = EdwardsPoint.P.add(BigInteger.valueOf(i % 19));
      for (boolean sign : new boolean[] {false, true}) {
        byte[] bigR = EdwardsPoint.encoded(y, sign);
        assertFalse(verdict(key.publicKey(), message, signature(bigR, BigInteger.ONE, message)));
        BigInteger small = BigInteger.valueOf(i);
        byte[] other = EdwardsPoint.encoded(small, sign);
        if (!Arrays.equals(other, EdwardsPoint.NEUTRAL.encoded())) {
          assertFalse(verdict(key.publicKey(), message, signature(other, BigInteger.ONE, message)));
        }
      }
    }
    byte[] negativeZero = EdwardsPoint.encoded(BigInteger.ONE, true);
    assertFalse(
        verdict(key.publicKey(), message, signature(negativeZero, BigInteger.ZERO, message)));
  }

  @Test
  void keysOfSmallOrMixedOrderAndSecondEncodingsAreNoKeys() {
    EdwardsPoint own = EdwardsPoint.BASE.times(secret);
    assertArrayEquals(a, own.encoded());
    for (EdwardsPoint torsion : EdwardsPoint.smallOrder()) {
      for (byte[] encoding : encodings(torsion)) {
        assertThrows(IllegalArgumentException.class, () -> PublicKey.of(encoding));
      }
      if (!torsion.equals(EdwardsPoint.NEUTRAL)) {
        byte[] mixed = own.plus(torsion).encoded();
        assertThrows(IllegalArgumentException.class, () -> PublicKey.of(mixed));
      }
    }
    for (int i = 0; i < 19; i++) {
      BigInteger y = EdwardsPoint.P.add(BigInteger.valueOf(i));
      for (boolean sign : new boolean[] {false, true}) {
        byte[] second = EdwardsPoint.encoded(y, sign);
        assertThrows(IllegalArgumentException.class, () -> PublicKey.of(second));
      }
    }
  }

  @Test
  void manyThreadsAndKeysDoNotMixUp() {
    List<SigningKey> keys =
        IntStream.range(0, 20).mapToObj(_ -> SigningKey.generate(random)).toList();
    byte[] message = bytes(100);
    for (Ed25519Library library : LIBRARIES) {
      IntStream.range(0, 2_000)
          .parallel()
          .forEach(i -> {
            SigningKey one = keys.get(i % keys.size());
            SigningKey two = keys.get((i + 1) % keys.size());
            byte[] signature = library.sign(one, message);
            assertTrue(library.verifies(one.publicKey(), message, signature));
            assertFalse(library.verifies(two.publicKey(), message, signature));
          });
    }
  }

  @Test
  void theChoiceIsNamedAndCanBeTakenBack() {
    assertEquals("Bouncy Castle", SignatureLibrary.name());
    try {
      switch (SignatureLibrary.useNative()) {
        case SignatureLibrary.Choice.Native(String name) ->
            assertEquals(name, SignatureLibrary.name());
        case SignatureLibrary.Choice.Portable(String why) -> {
          assertFalse(why.isBlank());
          assertEquals("Bouncy Castle", SignatureLibrary.name());
        }
      }
      byte[] signature = key.sign(new byte[] {1});
      assertTrue(key.publicKey().verifies(new byte[] {1}, signature));
    } finally {
      SignatureLibrary.usePortable();
    }
    assertEquals("Bouncy Castle", SignatureLibrary.name());
  }

  /// What all libraries say, the JDK's included.
  private static boolean verdict(PublicKey key, byte[] message, byte[] signature) {
    boolean expected = byTheJdk(key, message, signature);
    for (Ed25519Library library : LIBRARIES) {
      assertEquals(
          expected,
          library.verifies(key, message, signature),
          () -> library.name() + ": " + key + " " + HexFormat.of().formatHex(signature));
    }
    return expected;
  }

  private static boolean byTheJdk(PublicKey key, byte[] message, byte[] signature) {
    byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] encoded = Arrays.copyOf(prefix, 44);
    System.arraycopy(key.toBytes(), 0, encoded, prefix.length, 32);
    try {
      Signature jdk = Signature.getInstance("Ed25519", "SunEC");
      jdk.initVerify(
          KeyFactory.getInstance("Ed25519", "SunEC")
              .generatePublic(new X509EncodedKeySpec(encoded)));
      jdk.update(message);
      return jdk.verify(signature);
    } catch (SignatureException _) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// `S` so that the equation holds but for what `R` has beyond `[r]B`.
  private byte[] signature(byte[] bigR, BigInteger r, byte[] message) {
    BigInteger k = EdwardsPoint.challenge(bigR, a, message);
    return halves(bigR, EdwardsPoint.littleEndian(r.add(k.multiply(secret)).mod(EdwardsPoint.L)));
  }

  /// The canonical one, and what a lax reader takes for the same point.
  private static List<byte[]> encodings(EdwardsPoint point) {
    List<byte[]> all = new ArrayList<>(List.of(point.encoded()));
    if (point.x().signum() == 0) {
      all.add(EdwardsPoint.encoded(point.y(), true));
    }
    BigInteger beyond = point.y().add(EdwardsPoint.P);
    if (beyond.bitLength() <= 255) {
      all.add(EdwardsPoint.encoded(beyond, false));
      all.add(EdwardsPoint.encoded(beyond, true));
    }
    return all;
  }

  private static byte[] halves(byte[] bigR, byte[] s) {
    byte[] signature = Arrays.copyOf(bigR, 64);
    System.arraycopy(s, 0, signature, 32, 32);
    return signature;
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
