package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.ledger.clock.HybridClock;
import io.skein.proxy.health.HealthBook;
import io.skein.routing.candidate.Availability;
import io.skein.routing.ejection.Ailment;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether endpoints may be used, and why not: what an operator ordered, what the mesh found, what
/// this node's own checks say, what contracts say, in this order. Confined to the mesh thread.
final class Availabilities {
  /// How long sessions pinned to an endpoint that drains may stay with it.
  static final long SESSIONS_MILLIS = 300_000;

  private final Derived derived;
  private final HealthBook checks;
  private final LongSupplier nowMillis;

  Availabilities(Derived derived, HealthBook checks, LongSupplier nowMillis) {
    this.derived = derived;
    this.checks = checks;
    this.nowMillis = nowMillis;
  }

  Availability of(String endpoint) {
    Optional<Repair> drain = derived.verdicts().draining(endpoint);
    if (drain.isPresent()) {
      long since = nowMillis.getAsLong() - HybridClock.millis(drain.get().hlc());
      return since < SESSIONS_MILLIS ? Availability.DRAINING : Availability.DRAINED;
    }
    Optional<Repair> aside = derived.verdicts().setAside(endpoint);
    if (aside.isPresent()) {
      boolean dead = aside.get().heal().diagnosis().equals(Ailment.DEAD.text());
      return dead ? Availability.DEAD : Availability.SET_ASIDE;
    }
    if (checks.unhealthy(endpoint)) {
      return Availability.UNHEALTHY;
    }
    return derived.quarantine(endpoint).isPresent()
        ? Availability.QUARANTINED
        : Availability.USABLE;
  }

  boolean usable(String endpoint) {
    return of(endpoint) == Availability.USABLE;
  }

  /// Why an endpoint may not be used, for people; empty text if it may.
  String reason(String endpoint) {
    return switch (of(endpoint)) {
      case USABLE -> "";
      case DRAINING, DRAINED ->
          derived.verdicts().draining(endpoint).map(order -> order.heal().evidence()).orElse("");
      case SET_ASIDE, DEAD ->
          derived
              .verdicts()
              .setAside(endpoint)
              .map(found ->
                  found.heal().diagnosis() + ": " + HealWords.evidenceIn(found.heal().evidence()))
              .orElse("");
      case UNHEALTHY -> checks.of(endpoint).reason();
      case QUARANTINED ->
          derived
              .quarantine(endpoint)
              .map(finding ->
                  "contract "
                      + finding.contract()
                      + ": failed in "
                      + finding.failed()
                      + " windows; through window "
                      + finding.quarantinedThrough())
              .orElse("");
    };
  }
}
