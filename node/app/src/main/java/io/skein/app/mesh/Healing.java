package io.skein.app.mesh;

import io.skein.gossip.transport.Parted;
import io.skein.healing.HealingPlan;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Shedding;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How this node heals the mesh, and takes itself out of traffic: when it looks at the facts, what
/// it finds and what it does about that. Confined to the mesh thread, but for what says otherwise.
public final class Healing {
  private static final Duration TICK = Duration.ofMillis(100);

  private final MeshThread thread;
  private final LongSupplier nanoClock;
  private final Beginning beginning;
  private final Introduction introduction;
  private final Vigil vigil;
  private final Repairs repairs;
  private final Lookout lookout;
  private final HealthNews health;

  Healing(
      MeshThread thread,
      LongSupplier nanoClock,
      Beginning beginning,
      Introduction introduction,
      Vigil vigil,
      Repairs repairs,
      Routing routing,
      Derived derived,
      EventLog events) {
    this.thread = thread;
    this.nanoClock = nanoClock;
    this.beginning = beginning;
    this.introduction = introduction;
    this.vigil = vigil;
    this.repairs = repairs;
    this.lookout = new Lookout(thread, nanoClock, this::look);
    this.health =
        new HealthNews(
            thread,
            routing.neighbourhood(),
            routing.checks(),
            repairs.probes(),
            derived,
            lookout,
            events,
            routing::publishAndTell);
  }

  /// Begins to look. Any thread, once.
  void start() {
    thread.every(TICK, this::tick);
  }

  private void tick() {
    vigil.ticked(TICK.toNanos(), nanoClock.getAsLong());
    lookout.tick();
  }

  private long look(long nowNanos) {
    if (!beginning.isOver()) {
      return Long.MAX_VALUE; // what others decided is not known yet
    }
    repairs.step(nowNanos);
    return repairs.hurriesAtNanos();
  }

  /// Something failed, or may have.
  void alert() {
    lookout.alert();
  }

  /// An endpoint begins to fail, or to answer again. Any thread; returns at once.
  void alarm() {
    lookout.alarm();
  }

  /// What this node may do to heal the mesh, from now on. Any thread.
  public void plan(HealingPlan plan) {
    thread.execute(() -> repairs.plan(plan));
  }

  /// What this node's data lie on, and how much of its ledger was damaged when it was opened.
  /// Before [MeshCore#start].
  ///
  /// @param freeBytes of the disk; asked for on the mesh thread
  public void storage(LongSupplier freeBytes, int damages) {
    vigil.storage(freeBytes, damages);
  }

  /// Takes the node out of traffic or back in. Any thread.
  public void drain(boolean draining) {
    thread.execute(() -> {
      if (!draining) {
        repairs.retreat().overrule();
      }
      introduction.drain(draining);
    });
  }

  /// Takes the node out of traffic or back in, as the mesh decided.
  void retreat(boolean away) {
    introduction.retreat(away);
  }

  /// How clients are sent elsewhere without a refusal, each once. Any thread.
  public void sendAway(Runnable how) {
    thread.execute(() -> repairs.retreat().sendAway(how));
  }

  /// How it is asked what this node sheds; on the mesh thread. Any thread.
  public void shedding(Supplier<Shedding> how) {
    thread.execute(() -> repairs.shedding(how));
  }

  /// How it is asked who is heard of and not in the transport's view, and how the node leaves that
  /// view to be taken in anew. Both are called on the mesh thread and must not block. Any thread.
  public void rejoins(Supplier<Parted> parted, Runnable rejoin) {
    Supplier<Parting> seen = () -> parting(parted.get());
    thread.execute(() -> {
      vigil.parting(seen);
      repairs.rejoins(seen, rejoin);
    });
  }

  private static Parting parting(Parted seen) {
    SortedSet<String> view = new TreeSet<>();
    seen.view().forEach(peer -> view.add(Peers.nodeId(peer).toString()));
    SortedMap<String, Long> apart = new TreeMap<>();
    seen.peers()
        .forEach((peer, since) -> apart.put(Peers.nodeId(peer).toString(), since.toNanos()));
    return new Parting(view, apart, seen.largest());
  }

  /// Checks and probes of endpoints. Any thread.
  public HealthNews health() {
    return health;
  }

  Vigil vigil() {
    assert thread.inside();
    return vigil;
  }

  Repairs repairs() {
    assert thread.inside();
    return repairs;
  }
}
