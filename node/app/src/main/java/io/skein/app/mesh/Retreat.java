package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.rumor.Who;
import io.skein.healing.DrainRules;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.ledger.record.Hash;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Carries out what the mesh decided about this node's own traffic. A verdict alone moves nothing:
/// the node must find itself ill when it begins, and the rules must allow it in the node's own
/// sight as long as it lasts. So no liar can drain a node that is well, and a node that lost its
/// peers serves again.
///
/// A node that cannot write takes in no records, so it cannot learn of a verdict. If it is told to
/// act, it takes for decided what all others had the time to decide. Confined to the mesh thread.
final class Retreat {
  private final MeshCore core;
  private Runnable sendAway = () -> {};
  private Optional<Hash> overruled = Optional.empty();
  private long failingSinceNanos;
  private boolean failing;
  private boolean away;

  Retreat(MeshCore core) {
    this.core = core;
  }

  /// How clients are sent elsewhere.
  void sendAway(Runnable how) {
    sendAway = how;
  }

  /// Looks whether to go or to come back.
  ///
  /// @param acts whether this node may decide of itself where it must
  /// @param facts asked for only where something was decided
  void look(boolean acts, Supplier<Facts> facts, long nowNanos) {
    Optional<Repair> verdict = core.derived().verdicts().drained(self());
    if (verdict.isEmpty()) {
      overruled = Optional.empty();
    }
    boolean wanted =
        verdict
            .map(it -> !overruled.equals(Optional.of(it.record().hash())) && (away || ill()))
            .orElseGet(() -> acts && unheard(nowNanos));
    boolean now = wanted && DrainRules.mayDrain(self(), before(), facts.get());
    if (now != away) {
      away = now;
      core.healing().retreat(now);
      if (now) {
        sendAway.run();
      }
    }
  }

  /// An operator wants this node to take traffic, whatever was decided.
  void overrule() {
    overruled = core.derived().verdicts().drained(self()).map(it -> it.record().hash());
    failing = false;
  }

  private boolean ill() {
    return core.healing().vigil().diagnoses().stream()
        .anyMatch(it -> it.subject().equals(self()) && DrainRules.persistsNanos(it).isPresent());
  }

  // Whether the others must have decided by now, and this node could not hear of it.
  private boolean unheard(long nowNanos) {
    Optional<Diagnosis> found =
        core.healing().vigil().diagnoses().stream()
            .filter(it -> it instanceof Diagnosis.NodeOutOfDisk && it.subject().equals(self()))
            .filter(it -> DrainRules.persistsNanos(it).isPresent())
            .findFirst();
    if (found.isEmpty()) {
      failing = false;
      return false;
    }
    if (!failing) {
      failing = true;
      failingSinceNanos = nowNanos;
    }
    return nowNanos - failingSinceNanos
        >= DrainRules.decidedAfterNanos(found.get()).orElse(Long.MAX_VALUE);
  }

  // Of too many the first by id stay away.
  private Set<String> before() {
    TreeSet<String> others = new TreeSet<>(core.derived().verdicts().allDrained().keySet());
    for (Peers.Peer peer : core.peers().all()) {
      if (peer.who().filter(Who::draining).isPresent()) {
        others.add(peer.id().toString());
      }
    }
    return new TreeSet<>(others.headSet(self()));
  }

  private String self() {
    return core.self().toString();
  }
}
