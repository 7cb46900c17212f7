package io.skein.gossip.coordinate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CoordinateTest {
  private static final PeerId PEER = new PeerId(0, 1);

  @Test
  void survivesEncoding() {
    Vivaldi vivaldi = new Vivaldi(new SplittableRandom(1));
    vivaldi.observe(PEER, Coordinate.origin(), 50_000_000);
    Coordinate moved = vivaldi.coordinate();
    assertNotEquals(Coordinate.origin(), moved);
    Coordinate decoded = Coordinate.decode(moved.encode()).orElseThrow();
    assertEquals(
        moved.distanceSeconds(Coordinate.origin()),
        decoded.distanceSeconds(Coordinate.origin()),
        1e-6);
    assertEquals(Coordinate.BYTES, moved.encode().length);
  }

  @Test
  void refusesWhatNoCoordinateCanBe() {
    assertEquals(Optional.empty(), Coordinate.decode(new byte[39]));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -61, 1e30f}) {
      for (int at = 0; at < 10; at++) {
        byte[] bytes = ByteBuffer.wrap(Coordinate.origin().encode()).putFloat(4 * at, bad).array();
        assertEquals(Optional.empty(), Coordinate.decode(bytes), bad + " at " + at);
      }
    }
  }

  @Test
  void oneDelayedAnswerMovesNothingMore() {
    Vivaldi calm = new Vivaldi(new SplittableRandom(1));
    Vivaldi shaken = new Vivaldi(new SplittableRandom(1));
    for (int i = 0; i < 50; i++) {
      calm.observe(PEER, Coordinate.origin(), 20_000_000);
      shaken.observe(PEER, Coordinate.origin(), i == 40 ? 5_000_000_000L : 20_000_000);
    }
    assertEquals(calm.coordinate(), shaken.coordinate());
    shaken.observe(PEER, Coordinate.origin(), -1);
    shaken.observe(PEER, Coordinate.origin(), Long.MAX_VALUE);
    assertEquals(calm.coordinate(), shaken.coordinate());
  }

  @Test
  void aLiarCannotPushItOutOfBounds() {
    Vivaldi vivaldi = new Vivaldi(new SplittableRandom(1));
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      double[] place = random.doubles(8, -60, 60).toArray();
      Coordinate lie = new Coordinate(place, random.nextDouble() * 60, random.nextDouble() * 1.5);
      vivaldi.observe(PEER, lie, random.nextLong(10_000_000_000L));
      assertTrue(vivaldi.coordinate().isValid());
    }
  }
}
