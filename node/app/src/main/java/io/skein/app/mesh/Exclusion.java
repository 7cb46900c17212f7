package io.skein.app.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps those out whose identity was revoked, or who turn out never to have been admitted, this
/// node among them. They hear of it first, so that they can tell their operators why: [#shuns]
/// follows the roster a moment later, and later still for those that were never admitted. They take
/// writes for as long as they do not know. Confined to the mesh thread, but for [#standing].
final class Exclusion {
  private static final Logger LOG = LoggerFactory.getLogger(Exclusion.class);

  private final NodeId self;
  private final Function<NodeId, String> names;
  private final EventLog events;
  private final Executor soon;
  private final Executor later;
  private final Consumer<SortedSet<PeerId>> onWelcome;
  private final Consumer<String> onEnd;
  private Runnable onCutOff = () -> {};
  private Set<NodeId> revoked = Set.of();
  private Set<NodeId> latecomers = Set.of();
  private SortedSet<PeerId> view = Collections.emptySortedSet();
  private volatile Standing standing = new Standing.Current();

  /// @param soon runs a step when those who were revoked have had time to hear of it
  /// @param later runs a step when those who were never admitted have had time to hear of it, also
  ///   where the mesh has only just come together
  /// @param onWelcome hears which of the peers in view this node deals with
  /// @param onEnd hears that this node's identity has ended, and how
  Exclusion(
      NodeId self,
      Function<NodeId, String> names,
      EventLog events,
      Executor soon,
      Executor later,
      Consumer<SortedSet<PeerId>> onWelcome,
      Consumer<String> onEnd) {
    this.self = self;
    this.names = names;
    this.events = events;
    this.soon = soon;
    this.later = later;
    this.onWelcome = onWelcome;
    this.onEnd = onEnd;
  }

  /// Who closes the connections of those that are cut off.
  void onCutOff(Runnable listener) {
    onCutOff = listener;
  }

  /// The peers that can be reached changed.
  void viewed(SortedSet<PeerId> reachable) {
    view = reachable;
    SortedSet<PeerId> welcome = new TreeSet<>();
    if (standing.serves()) {
      welcome.addAll(reachable);
      welcome.removeIf(peer -> shuns(Peers.nodeId(peer)));
    }
    onWelcome.accept(welcome);
  }

  /// The roster changed, or may have.
  void rosterChanged(RosterSnapshot roster) {
    Standing now = Standing.of(roster, self);
    if (!now.equals(standing)) {
      standing = now;
      switch (now) {
        case Standing.Current _ -> {
          // As it was.
        }
        case Standing.Rotated _ -> {
          onEnd.accept(now.detail());
          events.add("node", "warning", names.apply(self), now.detail());
          LOG.warn("this node's identity was {}", now.detail());
        }
        case Standing.Revoked _ -> {
          onEnd.accept(now.detail());
          events.add("node", "error", names.apply(self), now.detail());
          LOG.error("this node's identity was {}", now.detail());
        }
        case Standing.NotAdmitted _ -> {
          onEnd.accept(now.detail());
          events.add("node", "error", names.apply(self), now.detail());
          LOG.error("this node was {}", now.detail());
          soon.execute(this::cutOff);
        }
      }
    }
    if (!roster.revocations().keySet().equals(revoked)) {
      soon.execute(() -> cutOffRevoked(Set.copyOf(roster.revocations().keySet())));
    }
    if (!roster.latecomers().equals(latecomers)) {
      later.execute(() -> cutOffLatecomers(roster.latecomers()));
    }
  }

  private void cutOffRevoked(Set<NodeId> now) {
    tell(now, revoked, "was revoked and is cut off");
    revoked = now;
    cutOff();
  }

  private void cutOffLatecomers(Set<NodeId> now) {
    tell(now, latecomers, "joined by an invite that others had used up before, and is cut off");
    latecomers = now;
    cutOff();
  }

  private void tell(Set<NodeId> now, Set<NodeId> before, String what) {
    for (NodeId id : now) {
      if (!before.contains(id)) {
        events.add("member", "warning", names.apply(id), what);
      }
    }
  }

  private void cutOff() {
    onCutOff.run();
    viewed(view);
  }

  /// Whether a node is cut off: nothing it sends is heard.
  boolean shuns(NodeId node) {
    return revoked.contains(node) || latecomers.contains(node);
  }

  /// How this node stands in its own ledger. Any thread.
  Standing standing() {
    return standing;
  }
}
