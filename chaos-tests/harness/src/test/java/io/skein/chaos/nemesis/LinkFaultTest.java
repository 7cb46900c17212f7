package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.driver.Links;
import io.skein.chaos.history.FaultMark;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LinkFaultTest {
  private static final List<String> NODES = List.of("a", "b", "c", "d", "e");

  /// Remembers which directions are cut, as `ab` for a to b.
  private static final class Remembered implements Links {
    @Override
    public void unplug(Collection<String> nodes) {}

    final Set<String> cut = new TreeSet<>();
    long touched;

    @Override
    public void cut(Collection<OneWay> directions) {
      cut.clear();
      directions.forEach(direction -> cut.add(direction.from() + direction.to()));
    }

    @Override
    public void lose(Collection<String> nodes, int percent) {}

    @Override
    public boolean canDelay() {
      return false;
    }

    @Override
    public void delay(Collection<String> nodes, int millis, int jitterMillis) {}

    @Override
    public boolean canLimit() {
      return false;
    }

    @Override
    public void limit(Collection<String> nodes, int kilobitsPerSecond) {}

    @Override
    public void heal() {
      cut.clear();
    }

    @Override
    public long touched() {
      return touched;
    }
  }

  private final Remembered links = new Remembered();

  private LinkFault fault(Kind kind, String... nodes) throws Exception {
    LinkFault fault = new LinkFault(links, new Step(1, 0, 1, kind, List.of(nodes)), NODES);
    fault.begin();
    return fault;
  }

  @Test
  void halvesAreCutBothWaysAndWhole() throws Exception {
    LinkFault fault = fault(Kind.HALVES, "a", "b", "c", "d", "e");

    assertEquals(
        Set.of("ac", "ad", "ae", "bc", "bd", "be", "ca", "da", "ea", "cb", "db", "eb"), links.cut);
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "d", "e")),
        fault.mark(FaultMark.begins(1, "halves", "")).sides());
    fault.end();
    assertTrue(links.cut.isEmpty());
  }

  @Test
  void inARingEachReachesItsNeighboursOnly() throws Exception {
    fault(Kind.RING, "a", "b", "c", "d", "e");

    assertEquals(Set.of("ac", "ca", "bd", "db", "ce", "ec", "da", "ad", "eb", "be"), links.cut);
  }

  @Test
  void overABridgeOneReachesBothHalves() throws Exception {
    LinkFault fault = fault(Kind.BRIDGE, "a", "b", "c", "d", "e");

    assertEquals(Set.of("bd", "be", "cd", "ce", "db", "eb", "dc", "ec"), links.cut);
    assertTrue(fault.mark(FaultMark.begins(1, "bridge", "")).sides().isEmpty());
  }

  @Test
  void oneWayOnlyCutsWhatArrives() throws Exception {
    fault(Kind.ONE_WAY, "c");

    assertEquals(Set.of("ac", "bc", "dc", "ec"), links.cut);
  }

  @Test
  void aFaultThatTouchedNoPacketDidNotTakeHold() throws Exception {
    LinkFault fault = fault(Kind.ISOLATE, "c");

    assertFalse(fault.proof().held());
    links.touched = 3;
    assertTrue(fault.proof().held());
  }

  @Test
  void flappingEndsAndCountsWhatEachCutTouched() throws Exception {
    links.touched = 2;
    LinkFault fault = fault(Kind.FLAPPING, "a", "b", "c");

    fault.last(1);
    assertEquals("4 packets", fault.proof().text());
  }
}
