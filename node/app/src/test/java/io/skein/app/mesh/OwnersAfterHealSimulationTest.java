package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.sim.LatencyLaw;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.sim.SimNetworkConfig;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.jgroups.JGroupsTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// While a mesh is split, a key may have an owner on each side; soon after the heal it has one.
///
/// Members, rumors and owners are the product's; views come when [MergeLaw] says that the transport
/// has merged them. `-Dsim.seeds=2000` runs more seeds.
@Tag("sim")
class OwnersAfterHealSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 500);
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration QUIET = Duration.ofSeconds(1);

  @Test
  void fiveSecondsAfterAHealEveryKeyHasOneOwner() {
    List<Long> doubled = new ArrayList<>();
    List<String> late = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      long nanos = doubledNanos(seed);
      doubled.add(nanos);
      if (nanos > BOUND.toNanos()) {
        late.add("seed " + seed + ": " + nanos / 1_000_000 + " ms");
      }
    }
    doubled.sort(null);
    System.out.printf(
        Locale.ROOT,
        "owners after a heal: %d seeds, two claimed a key for %.2f s (median), %.2f s (99th in a hundred), %.2f s"
            + " (worst)%n",
        SEEDS,
        doubled.get(doubled.size() / 2) / 1e9,
        doubled.get(doubled.size() * 99 / 100) / 1e9,
        doubled.getLast() / 1e9);
    assertTrue(doubled.getFirst() > 0, "owners double during a split, or nothing was looked at");
    assertEquals(List.of(), late);
  }

  /// How long after a heal two nodes still claimed one key.
  private static long doubledNanos(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = 2 + random.nextInt(6);
    int left = 1 + random.nextInt(count - 1);
    Duration least = Duration.ofNanos(200_000);
    Duration most = Duration.ofMillis(1 + random.nextInt(80));
    SimNetworkConfig calm = SimNetworkConfig.calm();
    Duration merged =
        MergeLaw.draw(JGroupsTimers.defaults(), left, count - left, most.multipliedBy(2), random);
    SimNetwork network =
        new SimNetwork(
            seed,
            new SimNetworkConfig(
                LatencyLaw.uniform(least, most),
                0,
                0,
                true,
                calm.joinDetection(),
                calm.leaveDetection(),
                calm.crashDetection(),
                calm.silenceDetection(),
                merged));
    List<SimulatedPeer> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(new SimulatedPeer(i + 1, network, random.split()));
    }
    nodes.forEach(SimulatedPeer::start);
    network.runFor(Duration.ofSeconds(5));
    assertTrue(!claimedTwice(nodes), "seed " + seed + ": one owner before the split");
    Set<PeerId> here = new TreeSet<>();
    Set<PeerId> there = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      (i < left ? here : there).add(nodes.get(i).address());
    }
    network.cut(here, there);
    network.runFor(Duration.ofSeconds(8));
    assertTrue(claimedTwice(nodes), "seed " + seed + ": each side has an owner");
    network.heal();
    long healed = network.nowNanos();
    long last = healed;
    while (network.nowNanos() - last < QUIET.toNanos()) {
      network.runFor(LOOK);
      if (claimedTwice(nodes)) {
        last = network.nowNanos();
      }
    }
    return last - healed;
  }

  private static boolean claimedTwice(List<SimulatedPeer> nodes) {
    Set<String> claimed = new HashSet<>();
    return nodes.stream()
        .flatMap(node -> node.claims().stream())
        .anyMatch(key -> !claimed.add(key));
  }
}
