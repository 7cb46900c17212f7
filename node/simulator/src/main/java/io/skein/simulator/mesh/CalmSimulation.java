package io.skein.simulator.mesh;

import io.skein.gossip.sim.SimNetwork;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.witness.Coverage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Goes on where a storm ended with all honest nodes equal, and lets so much time pass that old
/// records go: most of it at once, since nothing happens in it.
///
/// Liars leave; one of them first cosigns a root that no feed has. Two nodes leave before the
/// checkpoints are written at which feeds will be cut; one comes back while feeds are being cut,
/// when whoever sees it has to wait, the other when it can only re-enter. An identity is handed on.
final class CalmSimulation {
  private static final long FAT_BYTES = 30_000;
  private static final int FAT_RECORDS = 4;
  private static final int FAT_TYPE = 20;
  private static final int REPORT_EVERY = 2;
  private static final long WINDOWS = 64;
  private static final Duration MARGIN = Duration.ofSeconds(4);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration SETTLES = Duration.ofSeconds(40);

  private final StormSimulation mesh;
  private final Calm calm;
  private final RetentionLimits limits;
  private final SimNetwork network;
  private final StormChecks checks;
  private final SplittableRandom random;
  private final boolean hasty;
  private long firstCutNanos = -1;

  CalmSimulation(
      StormSimulation mesh,
      Calm calm,
      SimNetwork network,
      StormChecks checks,
      long windowMillis,
      boolean hasty) {
    this.mesh = mesh;
    this.calm = calm;
    this.limits =
        new RetentionLimits(
            calm.age(), 1L << 30, Duration.ofMillis(WINDOWS * windowMillis).plus(MARGIN));
    this.network = network;
    this.checks = checks;
    this.random = new SplittableRandom(calm.delay().toNanos());
    this.hasty = hasty;
  }

  /// Lets it pass; afterwards everybody is there and silent.
  void pass() {
    StormNode away = mesh.node(calm.returns());
    StormNode late = mesh.node(calm.reenters());
    honest().forEach(this::begin);
    lyingWitness();
    network.runFor(STEP);
    honest().forEach(this::fatten);
    network.runFor(STEP.multipliedBy(3));
    mesh.liars().forEach(mesh::leave);
    network.runFor(STEP);
    mesh.crash(away);
    mesh.crash(late);
    network.runFor(STEP.multipliedBy(4));
    rotate();
    network.runFor(STEP.multipliedBy(8));
    mesh.skip(limits.floor());
    until(() -> firstCutNanos >= 0, LONGEST);
    if (firstCutNanos < 0) {
      checks.violation("nothing was cut in the calm: " + calm);
    }
    network.runFor(calm.delay());
    comeBack(away);
    until(this::allCut, SETTLES);
    comeBack(late);
    network.runFor(STEP.multipliedBy(5));
    boolean reentered =
        late.life.stream()
            .map(NodeLife::ledger)
            .anyMatch(
                ledger -> ledger.feeds().stream().anyMatch(feed -> ledger.cut(feed).isPresent()));
    if (reentered) {
      checks.reentered();
    }
    honest().forEach(node -> node.life.ifPresent(NodeLife::fallSilent));
  }

  private List<StormNode> honest() {
    return mesh.honest();
  }

  private void begin(StormNode node) {
    node.life.ifPresent(life -> {
      life.reportEvery(REPORT_EVERY);
      life.keep(new Keeper(life, limits, hasty, this::cut));
    });
  }

  private void comeBack(StormNode node) {
    mesh.restart(node);
    begin(node);
  }

  /// Of a type that may go.
  private void fatten(StormNode node) {
    byte[] content = new byte[(int) FAT_BYTES];
    for (int i = 0; i < FAT_RECORDS; i++) {
      random.nextBytes(content);
      byte[] item = new CborWriter().bytes(content).toBytes();
      node.life.ifPresent(life -> life.write(new Body.Reserved(FAT_TYPE, item)));
    }
  }

  private void cut(NodeLife node, FeedId feed, long size) {
    if (firstCutNanos < 0) {
      firstCutNanos = network.nowNanos();
    }
    for (StormNode other : honest()) {
      boolean lacks =
          other
              .life
              .filter(life -> life.alive() && node.reachable().contains(other.id()))
              .map(life -> life.ledger().head(feed).map(Head::seq).orElse(0L) <= size)
              .orElse(false);
      if (lacks) {
        checks.violation(
            node.ledger().self() + " cut " + feed + " at " + size + " before " + other + " had it");
      }
    }
  }

  private boolean allCut() {
    return honest().stream()
        .flatMap(node -> node.life.stream())
        .map(NodeLife::ledger)
        .allMatch(ledger -> ledger.feeds().stream().anyMatch(feed -> ledger.cut(feed).isPresent()));
  }

  /// Signs, under the newest checkpoint of an honest feed, a root that the feed does not have.
  private void lyingWitness() {
    StormNode liar = mesh.node(calm.witness());
    Optional<NodeLife> life =
        liar.life
            .filter(one -> one.ledger().writable())
            .filter(one -> liar.liar.map(cheater -> !cheater.unseen(one)).orElse(true));
    Ledger founders = mesh.node(0).life.orElseThrow().ledger();
    boolean believed =
        founders.roster().member(liar.id()).map(member -> member.active()).orElse(false)
            && founders.frozen().keySet().stream()
                .noneMatch(feed -> feed.author().equals(liar.id()));
    if (life.isEmpty() || !believed) {
      return;
    }
    for (FeedId feed : life.get().ledger().feeds()) {
      Optional<Coverage> newest =
          mesh.node(0).life.orElseThrow().notary().checkpoints().newest(feed);
      boolean honest = honest().stream().anyMatch(node -> node.id().equals(feed.author()));
      if (honest && newest.isPresent()) {
        byte[] root = new byte[Hash.BYTES];
        random.nextBytes(root);
        TreeHead head =
            TreeHead.of(
                life.get().ledger().meshId(), feed, newest.get().statement().size(), Hash.of(root));
        long seconds = life.get().nowMillis() / 1_000;
        if (life.get().write(new Body.Cosign(List.of(head.cosign(liar.key, seconds))))) {
          checks.lyingWitness(liar.id());
        }
        return;
      }
    }
  }

  private void rotate() {
    StormNode node = mesh.node(calm.rotates());
    if (node.life.isEmpty()) {
      return;
    }
    NodeLife life = node.life.get();
    SigningKey successor = SigningKey.generate(random);
    byte[] proof = RotationProof.sign(successor, life.ledger().meshId(), node.id());
    if (!life.write(new Body.Rotate(successor.publicKey(), proof))) {
      checks.violation(node + " cannot be handed on");
      return;
    }
    network.runFor(STEP.multipliedBy(3));
    begin(mesh.succeed(node, successor));
  }

  private void until(java.util.function.BooleanSupplier done, Duration longest) {
    long end = network.nowNanos() + longest.toNanos();
    while (!done.getAsBoolean() && network.nowNanos() < end) {
      network.runFor(firstCutNanos < 0 ? STEP.dividedBy(20) : STEP);
    }
  }
}
