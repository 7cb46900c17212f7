package io.skein.gossip.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.gossip.transport.TransportContract;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class SimTransportTest extends TransportContract {
  private final SimNetwork network = new SimNetwork(1, SimNetworkConfig.calm());

  @Override
  protected Transport node(PeerId peer) {
    return network.node(peer);
  }

  @Override
  protected boolean await(BooleanSupplier condition) {
    return network.runUntil(condition, Duration.ofMinutes(1));
  }

  @Test
  void detectsEachFaultAfterItsOwnTime() {
    Heard atA = new Heard();
    Heard atB = new Heard();
    Heard atC = new Heard();
    Transport a = open(A, atA);
    open(B, atB);
    open(C, atC);
    assertTrue(await(() -> atA.view.size() == 2 && atB.view.size() == 2 && atC.view.size() == 2));

    network.cut(Set.of(A), Set.of(B));
    network.crash(C);
    a.send(B, 1, new byte[1]);
    network.runFor(Duration.ofMillis(950));
    assertEquals(Set.of(B), atA.view);
    network.runFor(Duration.ofMillis(4_000));
    assertEquals(Set.of(B), atA.view);
    network.runFor(Duration.ofMillis(1_000));
    assertEquals(Set.of(), atA.view);
    assertEquals(Set.of(), atB.view);
    assertEquals(0, atB.messages.size());

    network.heal();
    network.runFor(Duration.ofMillis(4_900));
    assertEquals(Set.of(), atA.view);
    network.runFor(Duration.ofMillis(1_000));
    assertEquals(Set.of(B), atA.view);
  }

  @Test
  void aCutInOneDirectionLetsTheOtherThrough() {
    Heard atA = new Heard();
    Heard atB = new Heard();
    Transport a = open(A, atA);
    Transport b = open(B, atB);
    assertTrue(await(() -> atA.view.size() == 1 && atB.view.size() == 1));
    network.cutOneWay(Set.of(A), Set.of(B));
    a.send(B, 1, new byte[1]);
    b.send(A, 1, new byte[1]);
    assertTrue(await(() -> !atA.messages.isEmpty()));
    assertTrue(await(() -> atA.view.isEmpty() && atB.view.isEmpty()));
    assertEquals(0, atB.messages.size());
  }

  @Test
  void cutOnlyReplacesTheCutsThereWere() {
    Heard atA = new Heard();
    Heard atB = new Heard();
    Heard atC = new Heard();
    open(A, atA);
    open(B, atB);
    open(C, atC);
    assertTrue(await(() -> atA.view.size() == 2 && atB.view.size() == 2 && atC.view.size() == 2));
    network.cutOnly(new TreeMap<>(Map.of(A, Set.of(B))));
    assertTrue(await(() -> atA.view.equals(Set.of(C)) && atB.view.equals(Set.of(C))));
    network.cutOnly(new TreeMap<>(Map.of(C, Set.of(A, C))));
    assertTrue(await(() -> atA.view.equals(Set.of(B)) && atC.view.equals(Set.of(B))));
    network.cutOnly(new TreeMap<>());
    assertTrue(await(() -> atA.view.size() == 2 && atB.view.size() == 2 && atC.view.size() == 2));
  }

  @Test
  void theSameSeedGivesTheSameTraceAndAnotherSeedAnother() {
    assertEquals(run(7), run(7));
    assertNotEquals(run(7), run(8));
  }

  private static String run(long seed) {
    SimNetwork network = new SimNetwork(seed, SimNetworkConfig.calm().withFaults(0.2, 0.2));
    Heard heard = new Heard();
    Transport a = network.node(A);
    a.start(heard);
    network.node(B).start(new Heard());
    network.runFor(Duration.ofSeconds(2));
    for (int i = 0; i < 100; i++) {
      a.send(B, i, new byte[] {(byte) i});
    }
    network.runFor(Duration.ofSeconds(1));
    return network.traceHash();
  }

  @Test
  void losesDoublesAndReordersAtTheGivenRates() {
    SimNetwork faulty = new SimNetwork(3, SimNetworkConfig.calm().withFaults(0.3, 0.2));
    Heard heard = new Heard();
    Transport a = faulty.node(A);
    a.start(new Heard());
    faulty.node(B).start(heard);
    faulty.runFor(Duration.ofSeconds(2));
    for (int i = 0; i < 10_000; i++) {
      a.send(B, 20, new byte[] {(byte) (i >> 8), (byte) i});
    }
    faulty.runFor(Duration.ofSeconds(1));
    // 10,000 · (0.7 + 0.2), five standard deviations are about 250
    assertEquals(9_000, heard.messages.size(), 300);
    int last = -1;
    int overtaken = 0;
    for (Heard.Arrived arrived : heard.messages) {
      int number = (arrived.payload()[0] & 0xff) << 8 | arrived.payload()[1] & 0xff;
      overtaken += number < last ? 1 : 0;
      last = number;
    }
    assertTrue(overtaken > 1_000, "overtaken: " + overtaken);
  }
}
