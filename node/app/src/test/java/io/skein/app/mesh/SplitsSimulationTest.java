package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.check.Bounds;
import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Verdict;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.nemesis.Kind;
import io.skein.gossip.sim.LatencyLaw;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.sim.SimNetworkConfig;
import io.skein.gossip.transport.jgroups.JGroupsTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Members and owners through the chaos harness's kinds of splits, judged by its own checks: who
/// reaches each other hold each other alive (mutual sight), and soon after a split every key has
/// one owner, the same whoever is asked (single owner).
///
/// Members, rumors and owners are the product's ([SimulatedPeer]); views come when [MergeLaw] says
/// that the transport has merged two parts, and five seconds after a cut. `-Dsim.splits.seeds=500`
/// runs more seeds, `-Dsim.splits.seed=17` one.
@Tag("sim")
class SplitsSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.splits.seeds", 20);
  private static final List<Kind> KINDS =
      List.of(Kind.HALVES, Kind.ISOLATE, Kind.RING, Kind.BRIDGE, Kind.ONE_WAY, Kind.FLAPPING);
  private static final int SPLITS = 3;

  /// So long that both checks have something to judge after a split.
  private static final Duration CALM = Duration.ofSeconds(20);

  @Test
  void eachSeesWhomItReachesAndEveryKeyHasOneOwner() throws MalformedHistory {
    long from = Long.getLong("sim.splits.seed", 1);
    int seeds = System.getProperty("sim.splits.seed") == null ? SEEDS : 1;
    List<String> broken = new ArrayList<>();
    TreeMap<Kind, Integer> drawn = new TreeMap<>();
    double looks = 0;
    double keys = 0;
    double settledMillis = 0;
    for (long seed = from; seed < from + seeds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int nodes = 4 + random.nextInt(5);
      Duration most = Duration.ofMillis(1 + random.nextInt(80));
      Duration merged =
          MergeLaw.draw(
              JGroupsTimers.defaults(), nodes / 2, nodes - nodes / 2, most.multipliedBy(2), random);
      Splits splits = new Splits(network(seed, most, merged), seed, nodes, random);
      for (int i = 0; i < SPLITS; i++) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        drawn.merge(kind, 1, Integer::sum);
        splits.split(kind, Duration.ofMillis(random.nextLong(1_000, 30_000)), CALM);
      }
      for (Verdict verdict : Judgement.of(splits.history(), Bounds.PROMISED).verdicts()) {
        if (verdict.check().equals("mutual sight") || verdict.check().equals("single owner")) {
          if (verdict.result() != Verdict.Result.VALID) {
            broken.add("seed " + seed + ", " + nodes + " nodes: " + verdict);
          }
          looks += verdict.figures().getOrDefault("looks", 0.0);
          keys += verdict.figures().getOrDefault("keys", 0.0);
          settledMillis =
              Math.max(settledMillis, verdict.figures().getOrDefault("settled max ms", 0.0));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "members and owners: %d seeds, splits %s, %.0f looks at a settled mesh, %.0f times that a key had to have"
            + " one owner, all agreed after %.1f s at most, %d not kept%n",
        seeds,
        drawn,
        looks,
        keys,
        settledMillis / 1e3,
        broken.size());
    assertEquals(List.of(), broken);
  }

  /// A transport that merges after 17 s: each check must find it.
  @Test
  void viewsThatComeTooLateAreFound() throws MalformedHistory {
    SimNetwork network = network(1, Duration.ofMillis(10), Duration.ofSeconds(17));
    Splits late = new Splits(network, 1, 5, new SplittableRandom(1));
    late.split(Kind.HALVES, Duration.ofSeconds(20), CALM);
    List<String> broken =
        Judgement.of(late.history(), Bounds.PROMISED).broken().stream()
            .map(Verdict::check)
            .toList();
    assertEquals(List.of("single owner", "mutual sight"), broken);
  }

  private static SimNetwork network(long seed, Duration most, Duration merged) {
    SimNetworkConfig calm = SimNetworkConfig.calm();
    return new SimNetwork(
        seed,
        new SimNetworkConfig(
            LatencyLaw.uniform(Duration.ofNanos(200_000), most),
            0,
            0,
            true,
            calm.joinDetection(),
            calm.leaveDetection(),
            calm.crashDetection(),
            calm.silenceDetection(),
            merged));
  }
}
