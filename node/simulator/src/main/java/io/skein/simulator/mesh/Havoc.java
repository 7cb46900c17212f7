package io.skein.simulator.mesh;

import io.skein.chaos.history.FaultMark;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Does to a mesh what its storm says, when it says so.
final class Havoc {
  private static final long POSTPONE_MILLIS = 300;
  private static final int REPLICAS = 2;

  private final StormSimulation mesh;
  private final int size;
  private final SimNetwork network;
  private final SplittableRandom random;
  private final Addresses addresses;
  private final StormChecks checks;
  private final Chronicle chronicle;
  private final Map<Nemesis, FaultMark> marks = new IdentityHashMap<>();
  private final Set<Nemesis.Cut> cuts = new HashSet<>();

  Havoc(
      StormSimulation mesh,
      int size,
      SimNetwork network,
      SplittableRandom random,
      Addresses addresses,
      StormChecks checks,
      Chronicle chronicle) {
    this.mesh = mesh;
    this.size = size;
    this.network = network;
    this.random = random;
    this.addresses = addresses;
    this.checks = checks;
    this.chronicle = chronicle;
  }

  void schedule(Nemesis nemesis) {
    switch (nemesis) {
      case Nemesis.Flapping flapping ->
          mesh.at(
              flapping.atMillis(),
              () -> {
                begins(flapping, List.of(), List.of());
                flap(flapping, true);
              });
      case Nemesis.Cut cut -> {
        mesh.at(
            cut.atMillis(),
            () -> {
              begins(cut, List.of(), List.of());
              cut(cut, true);
            });
        mesh.at(
            cut.atMillis() + cut.forMillis(),
            () -> {
              cut(cut, false);
              ends(cut);
            });
      }
      case Nemesis.Crash crash -> {
        StormNode node = mesh.node(crash.node());
        mesh.at(
            crash.atMillis(),
            () -> {
              node.life.ifPresent(life -> mesh.write(node, life));
              begins(crash, List.of(crash.node()), List.of());
              mesh.crash(node);
            });
        mesh.at(
            crash.atMillis() + crash.forMillis(),
            () -> {
              mesh.restart(node);
              ends(crash);
            });
      }
      case Nemesis.DiskFails fails -> {
        StormNode node = mesh.node(fails.node());
        mesh.at(
            fails.atMillis(),
            () -> {
              begins(fails, List.of(fails.node()), List.of());
              switch (fails.failing()) {
                case FULL -> node.disk.fill();
                case FORCES -> node.disk.failForces();
                case READS -> node.disk.failReads();
              }
            });
        mesh.at(
            fails.atMillis() + fails.forMillis(),
            () -> {
              node.disk.sound();
              ends(fails);
            });
      }
      case Nemesis.Rot rot -> mesh.at(rot.atMillis(), () -> rot(rot, mesh.node(rot.node())));
      case Nemesis.Rollback rollback -> {
        StormNode node = mesh.node(rollback.node());
        mesh.at(rollback.imageMillis(), () -> node.image = Optional.of(node.disk.copy(false)));
        mesh.at(rollback.atMillis(), () -> rollBack(rollback, node));
      }
      case Nemesis.Clone clone -> {
        StormNode node = mesh.node(clone.node());
        mesh.at(clone.atMillis(), () -> startClone(clone, node));
        mesh.at(clone.atMillis() + clone.forMillis(), () -> stopClone(clone, node));
      }
      case Nemesis.Outage outage -> {
        mesh.at(
            outage.atMillis(),
            () -> {
              begins(outage, outage.nodes(), List.of());
              outage.nodes().forEach(node -> mesh.crash(mesh.node(node)));
            });
        mesh.at(
            outage.atMillis() + outage.forMillis(),
            () -> {
              outage.nodes().forEach(node -> mesh.restart(mesh.node(node)));
              ends(outage);
            });
      }
      case Nemesis.SlowForces slow -> {
        mesh.at(
            slow.atMillis(),
            () -> {
              begins(slow, List.of(), List.of());
              mesh.node(slow.node()).slowForce = Optional.of(slow.most());
            });
        mesh.at(
            slow.atMillis() + slow.forMillis(),
            () -> {
              mesh.node(slow.node()).slowForce = Optional.empty();
              ends(slow);
            });
      }
      case Nemesis.Stall stall -> {
        mesh.at(
            stall.atMillis(),
            () -> {
              begins(stall, List.of(), List.of());
              mesh.node(stall.node())
                  .life
                  .ifPresent(life -> life.holdUp(Duration.ofMillis(stall.forMillis())));
            });
        mesh.at(stall.atMillis() + stall.forMillis(), () -> ends(stall));
      }
      case Nemesis.WrongClock wrong ->
          mesh.at(
              wrong.atMillis(),
              () -> {
                begins(wrong, List.of(), List.of());
                strobe(wrong, true);
              });
      case Nemesis.LostDisk lost -> mesh.at(lost.atMillis(), () -> loseDisk(lost));
    }
  }

  private void strobe(Nemesis.WrongClock wrong, boolean off) {
    boolean over = mesh.millis() >= wrong.atMillis() + wrong.forMillis();
    mesh.node(wrong.node()).clockErrorMillis = off && !over ? wrong.byMillis() : 0;
    if (over) {
      ends(wrong);
    } else {
      mesh.at(mesh.millis() + wrong.everyMillis(), () -> strobe(wrong, !off));
    }
  }

  /// The node's records outlive it, its identity does not.
  private void loseDisk(Nemesis.LostDisk lost) {
    StormNode node = mesh.node(lost.node());
    if (node.life.isEmpty()) {
      return;
    }
    if (!replicated(node, node.life.get())) {
      mesh.at(mesh.millis() + POSTPONE_MILLIS, () -> loseDisk(lost));
      return;
    }
    begins(lost, List.of(lost.node()), List.of(lost.node()));
    Hash meshId = node.life.get().ledger().meshId();
    mesh.crash(node);
    checks.robbed(node.id());
    mesh.at(
        mesh.millis() + lost.forMillis(),
        () -> {
          mesh.joinAnew(node, meshId);
          ends(lost);
        });
  }

  private void cut(Nemesis.Cut cut, boolean begins) {
    if (begins) {
      cuts.add(cut);
    } else {
      cuts.remove(cut);
    }
    TreeMap<PeerId, Set<PeerId>> directions = new TreeMap<>();
    for (Nemesis.Cut one : cuts) {
      SortedMap<Integer, SortedSet<Integer>> numbers = one.directions(size);
      numbers.forEach((from, receivers) ->
          addresses(mesh.node(from))
              .forEach(sender ->
                  receivers.forEach(to ->
                      directions
                          .computeIfAbsent(sender, _ -> new TreeSet<>())
                          .addAll(addresses(mesh.node(to))))));
    }
    network.cutOnly(directions);
  }

  private static List<PeerId> addresses(StormNode node) {
    List<PeerId> addresses = new ArrayList<>();
    addresses.add(Addresses.of(node.id()));
    node.cloneAddress.ifPresent(addresses::add);
    return addresses;
  }

  private void flap(Nemesis.Flapping flapping, boolean open) {
    boolean over = mesh.millis() >= flapping.atMillis() + flapping.forMillis();
    cut(flapping, open && !over);
    if (over) {
      ends(flapping);
    } else {
      mesh.at(mesh.millis() + flapping.everyMillis(), () -> flap(flapping, !open));
    }
  }

  private void begins(Nemesis nemesis, List<Integer> down, List<Integer> forgets) {
    marks.put(nemesis, chronicle.begins(nemesis, down, forgets));
  }

  private void ends(Nemesis nemesis) {
    FaultMark mark = marks.remove(nemesis);
    if (mark != null) {
      chronicle.ends(mark);
    }
  }

  private void rot(Nemesis.Rot rot, StormNode node) {
    if (node.life.isEmpty()) {
      return;
    }
    begins(rot, List.of(rot.node()), List.of(rot.node()));
    Ledger ledger = node.life.get().ledger();
    List<FeedId> feeds = ledger.feeds();
    for (int i = 0; i < rot.records(); i++) {
      FeedId feed = feeds.get(random.nextInt(feeds.size()));
      long head = ledger.head(feed).map(Head::seq).orElse(0L);
      long seq = 1 + random.nextLong(Math.max(1, head));
      if (held(node, feed, seq) >= REPLICAS) {
        node.disk.rot(feed, seq, random);
        checks.rots(node.id());
      }
    }
    // It goes on for a moment with what is damaged, and serves what is not.
    mesh.at(
        mesh.millis() + rot.forMillis() / 2,
        () -> {
          mesh.crash(node);
          checks.robbed(node.id());
        });
    mesh.at(
        mesh.millis() + rot.forMillis(),
        () -> {
          mesh.restart(node);
          ends(rot);
        });
  }

  /// How many other honest nodes hold a record durably and intact.
  private long held(StormNode except, FeedId feed, long seq) {
    return mesh.nodes().stream()
        .filter(node -> node.liar.isEmpty() && node != except)
        .flatMap(node -> node.life.stream())
        .filter(life -> life.ledger().head(feed).map(head -> head.seq() >= seq).orElse(false))
        .filter(life -> life.ledger().encoded(feed, seq).isPresent())
        .count();
  }

  /// Whether two others hold whatever a node has acknowledged: what only it has is lost with its
  /// disk, and the ladder of its records says so.
  private boolean replicated(StormNode node, NodeLife life) {
    return life.ledger().uncommitted() == 0
        && life.ledger().heads().entrySet().stream()
            .filter(entry -> entry.getKey().author().equals(node.id()))
            .allMatch(entry -> held(node, entry.getKey(), entry.getValue().seq()) >= REPLICAS);
  }

  private void rollBack(Nemesis.Rollback rollback, StormNode node) {
    if (node.life.isEmpty() || node.image.isEmpty()) {
      return;
    }
    if (!replicated(node, node.life.get())) {
      mesh.at(mesh.millis() + POSTPONE_MILLIS, () -> rollBack(rollback, node));
      return;
    }
    begins(rollback, List.of(rollback.node()), List.of(rollback.node()));
    mesh.crash(node);
    node.disk = node.image.get();
    checks.robbed(node.id());
    mesh.at(
        mesh.millis() + rollback.forMillis(),
        () -> {
          mesh.restart(node);
          ends(rollback);
        });
  }

  private void startClone(Nemesis.Clone clone, StormNode node) {
    if (node.life.isEmpty() || mesh.millis() >= clone.atMillis() + clone.forMillis()) {
      return;
    }
    if (heard(node) < REPLICAS) {
      mesh.at(mesh.millis() + POSTPONE_MILLIS, () -> startClone(clone, node));
      return;
    }
    begins(clone, List.of(), List.of());
    PeerId address = addresses.ofClone(node.id());
    node.cloneAddress = Optional.of(address);
    SimDisk disk = node.disk.copy(true);
    AgreedClock clock = node.wakes(mesh::elapsedNanos);
    Ledger ledger =
        Ledger.reopen(disk.open(), node.key, new HybridClock(clock), random.split(), true);
    node.clone = Optional.of(mesh.life(node, address, clock, ledger));
    node.clone.get().start();
  }

  /// How many other honest nodes are not cloned now. Of a cloned one its peers reach the clone, and
  /// a clone stops when two others hold what it wrote.
  private long heard(StormNode except) {
    return mesh.honest().stream().filter(node -> node != except && node.clone.isEmpty()).count();
  }

  private void stopClone(Nemesis.Clone clone, StormNode node) {
    if (node.clone.isEmpty()) {
      ends(clone);
      return;
    }
    if (!replicated(node, node.clone.get())) {
      mesh.at(mesh.millis() + POSTPONE_MILLIS, () -> stopClone(clone, node));
      return;
    }
    ends(clone);
    node.clone.get().kill();
    network.crash(node.cloneAddress.orElseThrow());
    node.clone = Optional.empty();
  }
}
