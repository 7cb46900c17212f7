package io.skein.ledger.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedRecordPropertyTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void recordsOfEveryTypeSurviveTheRoundTrip(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SigningKey author = SigningKey.generate(random);
    SampleBodies bodies = new SampleBodies(random, author);
    for (Body body : bodies.ofEveryType()) {
      SignedRecord record = bodies.sign(body);
      var decoded = assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(record.encoded()));
      SignedRecord again = decoded.record();
      assertEquals(body, again.body());
      assertEquals(body.hashCode(), again.body().hashCode());
      assertEquals(record.feed(), again.feed());
      assertEquals(record.seq(), again.seq());
      assertEquals(record.prev(), again.prev());
      assertEquals(record.hlc(), again.hlc());
      assertEquals(record.meshId(), again.meshId());
      assertEquals(record.hash(), again.hash());
      assertArrayEquals(record.signature(), again.signature());
      assertEquals(record, again);
      assertEquals(record.encoded().length, again.encodedLength());
      assertTrue(again.verifies(author.publicKey()));
      assertFalse(again.verifies(SigningKey.generate(random).publicKey()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyChangedByteIsRefusedOrFailsVerification(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SigningKey author = SigningKey.generate(random);
    SampleBodies bodies = new SampleBodies(random, author);
    for (Body body : bodies.ofEveryType()) {
      byte[] encoded = bodies.sign(body).encoded();
      for (int at = 0; at < encoded.length; at++) {
        byte[] changed = encoded.clone();
        changed[at] ^= (byte) (seed == 1 ? 1 << random.nextInt(8) : random.nextInt(1, 256));
        switch (SignedRecord.decode(changed)) {
          case Decoded.Malformed(String reason) -> assertFalse(reason.isBlank());
          case Decoded.Valid(SignedRecord record) -> {
            assertArrayEquals(changed, record.encoded());
            assertFalse(record.verifies(author.publicKey()), body.typeName() + " at " + at);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyTruncationAndExtensionIsRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SampleBodies bodies = new SampleBodies(random, SigningKey.generate(random));
    for (Body body : bodies.ofEveryType()) {
      byte[] encoded = bodies.sign(body).encoded();
      for (int length = 0; length < encoded.length; length++) {
        assertInstanceOf(
            Decoded.Malformed.class, SignedRecord.decode(Arrays.copyOf(encoded, length)));
      }
      assertInstanceOf(
          Decoded.Malformed.class, SignedRecord.decode(Arrays.copyOf(encoded, encoded.length + 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomBytesAreRefusedOrFailVerification(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SigningKey author = SigningKey.generate(random);
    SampleBodies bodies = new SampleBodies(random, author);
    byte[] sample = bodies.sign(bodies.ofEveryType().get(5)).encoded();
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      // Half of them get past the first checks.
      int kept =
          random.nextBoolean() ? random.nextInt(Math.min(noise.length, sample.length) + 1) : 0;
      System.arraycopy(sample, 0, noise, 0, kept);
      if (SignedRecord.decode(noise) instanceof Decoded.Valid(SignedRecord record)) {
        assertEquals(Arrays.equals(noise, sample), record.verifies(author.publicKey()));
      }
    }
  }
}
