package io.skein.app.mesh;

import io.skein.app.routes.Experiments;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What follows at once from a record that was derived from. Confined to the mesh thread.
final class Consequences {
  private final NodeId self;
  private final Supplier<RosterSnapshot> roster;
  private final Derived derived;
  private final Repairs repairs;
  private final RoutePublisher routes;
  private final Exclusion exclusion;
  private final Experiments experiments;
  private final Laboratory laboratory;
  private final Runnable tellServes;
  private Consumer<RosterSnapshot> onRoster = _ -> {};
  private BiConsumer<SignedRecord, ServiceChange> onOwnChange = (_, _) -> {};

  /// @param tellServes tells every peer what this node can serve
  Consequences(
      NodeId self,
      Supplier<RosterSnapshot> roster,
      Derived derived,
      Repairs repairs,
      RoutePublisher routes,
      Exclusion exclusion,
      Experiments experiments,
      Laboratory laboratory,
      Runnable tellServes) {
    this.self = self;
    this.roster = roster;
    this.derived = derived;
    this.repairs = repairs;
    this.routes = routes;
    this.exclusion = exclusion;
    this.experiments = experiments;
    this.laboratory = laboratory;
    this.tellServes = tellServes;
  }

  /// Who hears of every change of the roster.
  void onRoster(Consumer<RosterSnapshot> listener) {
    onRoster = listener;
  }

  /// Who hears of every change of the catalogue that this node has written.
  void onOwnChange(BiConsumer<SignedRecord, ServiceChange> listener) {
    onOwnChange = listener;
  }

  /// The ledger was opened: who belongs to the mesh is known before anything is derived.
  void atStart() {
    rosterChanged(roster.get());
  }

  /// A record was derived from.
  void of(SignedRecord record) {
    switch (record.body()) {
      case Body.Service service -> {
        if (record.author().equals(self)) {
          onOwnChange.accept(record, service.change());
        }
        routes.stale();
      }
      case Body.Heal heal -> {
        repairs.recordDerived(record, heal);
        routes.publish();
        tellServes.run();
      }
      case Body.Effect effect -> repairs.effectDerived(record, effect);
      case Body.Experiment result -> {
        laboratory.concluded(result);
        experiments.ended(derived.conclusions().ended());
        routes.stale();
      }
      case Body.Genesis _, Body.Invite _, Body.Join _, Body.Revoke _, Body.Rotate _ ->
          rosterChanged(roster.get());
      case Body.Epoch _ -> onRoster.accept(roster.get());
      case Body.Contract _ -> routes.stale();
      case Body.Performance _ -> {
        if (!derived.contracts().isEmpty()) {
          routes.stale();
        }
      }
      case Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          ForkProof _,
          Body.Snapshot _,
          Body.Reserved _ -> {
        // Nothing on the request path follows from these at once.
      }
    }
  }

  /// Everything was derived anew: whatever followed from the old state is redone.
  void ofAll() {
    rosterChanged(roster.get());
    experiments.ended(derived.conclusions().ended());
    routes.publish();
    tellServes.run();
  }

  private void rosterChanged(RosterSnapshot now) {
    onRoster.accept(now);
    // Whose word counts may have changed, and with it all that follows from words.
    routes.stale();
    exclusion.rosterChanged(now);
  }
}
