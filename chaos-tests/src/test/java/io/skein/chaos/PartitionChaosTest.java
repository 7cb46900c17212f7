package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;

/// Five nodes in containers, split 2|3 by packet filters for 30 s while every node takes writes and
/// traffic, then healed: no acknowledged record may be missing anywhere, none may be there twice,
/// and both sides must have kept serving.
@Tag("container")
class PartitionChaosTest {
  private static final Duration SPLIT = Duration.ofSeconds(30);
  private static final Duration NOTICE = Duration.ofSeconds(20);
  private static final Duration CONVERGE = Duration.ofSeconds(40);
  private static final List<String> REGIONS = List.of("eu", "eu", "us", "us", "ap");
  private static final int MINORITY = 2;
  private static final double AVAILABILITY = 0.99;
  private static final long LEAST_REQUESTS = 100;
  private static final long LEAST_WRITES = 20;

  /// Answers to the address that the test's clients ask: other services come beside it.
  private static final String SERVICE =
      "{\"policy\":\"skein\",\"hosts\":[\"127.0.0.1\"],\"health\":{\"path\":\"/health\"}}";

  private final List<ChaosNode> nodes = new ArrayList<>();
  private final List<NodeLoad> loads = new ArrayList<>();
  private Optional<Network> network = Optional.empty();

  @AfterEach
  void stop() throws InterruptedException {
    for (NodeLoad load : loads) {
      load.stop();
    }
    nodes.parallelStream().forEach(ChaosNode::close);
    network.ifPresent(Network::close);
  }

  @Test
  void aSplitLosesNoRecordAndBothSidesServe() throws Exception {
    String missing = Docker.missing();
    assumeTrue(missing.isEmpty(), missing);
    try {
      splitAndHeal();
    } catch (AssertionError e) {
      nodes.forEach(node -> System.err.println("--- " + node.name() + "\n" + node.lastLog()));
      throw e;
    }
  }

  private void splitAndHeal() throws Exception {
    long began = System.nanoTime();
    startMesh();
    double started = (System.nanoTime() - began) / 1e9;
    for (ChaosNode node : nodes) {
      NodeLoad load = new NodeLoad(node.name(), node.probe());
      loads.add(load);
      load.start();
    }
    TimeUnit.SECONDS.sleep(3);

    List<ChaosNode> minority = nodes.subList(0, MINORITY);
    List<ChaosNode> majority = nodes.subList(MINORITY, nodes.size());
    cut(minority, majority);
    loads.forEach(load -> load.fault(true));
    double noticed =
        Await.seconds(
            "both sides see the split",
            NOTICE,
            () -> allSee(minority, minority.size()) && allSee(majority, majority.size()));
    TimeUnit.MILLISECONDS.sleep(SPLIT.toMillis() - (long) (noticed * 1_000));
    long dropped = 0;
    for (ChaosNode node : nodes) {
      long packets = node.droppedPackets();
      assertTrue(packets > 0, node.name() + " was never cut off: nothing was tested");
      dropped += packets;
    }
    loads.forEach(load -> load.fault(false));
    nodes.parallelStream().forEach(ChaosNode::heal);
    double merged = Await.seconds("one mesh again", CONVERGE, () -> allSee(nodes, nodes.size()));
    TimeUnit.SECONDS.sleep(2);
    for (NodeLoad load : loads) {
      load.stop();
    }

    HeadCut everything = new HeadCut();
    for (ChaosNode node : nodes) {
      everything.raise(node.probe());
    }
    double converged =
        Await.seconds(
            "every node holds what any node holds",
            CONVERGE,
            () -> {
              for (ChaosNode node : nodes) {
                if (!everything.coveredBy(node.probe())) {
                  return false;
                }
              }
              return true;
            });
    double agreed = awaitEqualReputations();

    List<String> acknowledged =
        loads.stream().flatMap(load -> load.acknowledged().stream()).toList();
    Map<String, List<String>> reads = new TreeMap<>();
    for (ChaosNode node : nodes) {
      reads.put(node.name(), everything.records(node.probe()));
    }
    SetChecker.Verdict verdict = SetChecker.check(acknowledged, reads);
    System.out.printf(
        "split noticed in %.1f s, merged %.1f s after heal, equal %.1f s after the last write,"
            + " same reputations %.1f s later; %d packets dropped; %d records, %d of them writes"
            + " acknowledged, %d missing, %d twice; during the split %s; whole test %.0f s, start"
            + " %.0f s%n",
        noticed,
        merged,
        converged,
        agreed,
        dropped,
        everything.size(),
        acknowledged.size(),
        verdict.lost().size(),
        verdict.duplicated().size(),
        loads,
        (System.nanoTime() - began) / 1e9,
        started);
    assertTrue(verdict.valid(), verdict::toString);
    for (NodeLoad load : loads) {
      assertTrue(load.requestsInFault() >= LEAST_REQUESTS, () -> "too few requests: " + load);
      assertTrue(
          load.failuresInFault() <= load.requestsInFault() * (1 - AVAILABILITY),
          () -> "too many failures during the split: " + load);
      assertTrue(load.writesInFault() >= LEAST_WRITES, () -> "too few writes: " + load);
    }
  }

  private void startMesh() throws Exception {
    String image = Docker.nodeImage();
    Network shared = Network.newNetwork();
    network = Optional.of(shared);
    ChaosNode founder = new ChaosNode(image, shared, "n1", REGIONS.getFirst(), List.of());
    nodes.add(founder);
    founder.start();
    String token = founder.probe().invite(REGIONS.size() - 1, 3_600);
    for (int i = 2; i <= REGIONS.size(); i++) {
      nodes.add(
          new ChaosNode(
              image,
              shared,
              "n" + i,
              REGIONS.get(i - 1),
              List.of("--seed", "n1:7800", "--token", token)));
    }
    nodes.subList(1, nodes.size()).parallelStream().forEach(ChaosNode::start);
    Await.seconds(
        "five nodes are one mesh", Duration.ofSeconds(60), () -> allSee(nodes, nodes.size()));
    assertTrue(founder.probe().put("/v1/services/hello", SERVICE).isPresent());
    for (ChaosNode node : nodes) {
      Await.seconds(
          node.name() + " knows the service",
          CONVERGE,
          () ->
              node.probe()
                  .put(
                      "/v1/services/hello/endpoints/" + node.name(),
                      "{\"url\":\"http://127.0.0.1:8000\",\"owner\":\"self\"}")
                  .isPresent());
    }
    for (ChaosNode node : nodes) {
      Await.seconds(node.name() + " serves", CONVERGE, () -> node.probe().request() == 200);
    }
  }

  private static boolean allSee(List<ChaosNode> nodes, int alive) throws InterruptedException {
    for (ChaosNode node : nodes) {
      if (node.probe().aliveMembers() != alive) {
        return false;
      }
    }
    return true;
  }

  private static void cut(List<ChaosNode> left, List<ChaosNode> right) {
    List<String> leftAddresses = left.stream().map(ChaosNode::address).toList();
    List<String> rightAddresses = right.stream().map(ChaosNode::address).toList();
    left.parallelStream().forEach(node -> node.cutFrom(rightAddresses));
    right.parallelStream().forEach(node -> node.cutFrom(leftAddresses));
  }

  /// Nodes go on writing a performance record a window, so no two of them need to be at the same
  /// heads at the same instant. Collects what each derived at which heads until some heads were
  /// seen on all, and demands that whoever was seen at equal heads had derived the same scores.
  private double awaitEqualReputations() throws InterruptedException {
    Map<String, Map<String, String>> scoresByHeads = new TreeMap<>();
    double seconds =
        Await.seconds(
            "all nodes were seen at the same heads",
            CONVERGE,
            () -> {
              boolean all = false;
              for (ChaosNode node : nodes) {
                String[] roots = node.probe().roots().split(" ", -1);
                if (roots.length == 2) {
                  Map<String, String> at =
                      scoresByHeads.computeIfAbsent(roots[0], _ -> new TreeMap<>());
                  at.put(node.name(), roots[1]);
                  all |= at.size() == nodes.size();
                }
              }
              return all;
            });
    scoresByHeads.forEach((heads, scores) ->
        assertEquals(
            1,
            new HashSet<>(scores.values()).size(),
            () -> "different reputations at heads " + heads + ": " + scores));
    return seconds;
  }
}
