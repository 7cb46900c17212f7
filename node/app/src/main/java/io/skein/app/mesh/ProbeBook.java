package io.skein.app.mesh;

import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What this node's probes of endpoints found; sends those that are wanted. Confined to the mesh
/// thread.
final class ProbeBook {
  /// Pause between the probes of an endpoint that has just begun to fail.
  private static final long SUSPECT_PROBE_NANOS = 100_000_000L;

  /// How long after a failure an endpoint is suspect.
  private static final long SUSPECT_NANOS = 2_000_000_000L;

  /// As many bad probes in a row convince the healer.
  private static final int UNHEALTHY_PROBES = 3;

  private final MeshCore core;
  private final Map<String, Probes> probes = new HashMap<>();
  private HealthNews.Prober prober = (_, _) -> {};

  private static final class Probes {
    private long lastSentNanos = Long.MIN_VALUE / 2;
    private long total;
    private int goodInRow;
    private int badInRow;
    private boolean unreachable;
    private long latencyNanos;

    ProbeResults results() {
      return new ProbeResults(total, goodInRow, badInRow, unreachable, latencyNanos);
    }
  }

  ProbeBook(MeshCore core) {
    this.core = core;
  }

  void prober(HealthNews.Prober how) {
    prober = how;
  }

  /// A probe ended.
  ///
  /// @param unreachable whether there was not even a connection
  void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
    about.total++;
    about.unreachable = unreachable;
    if (ok) {
      about.goodInRow++;
      about.badInRow = 0;
      about.latencyNanos = latencyNanos;
    } else {
      about.badInRow++;
      about.goodInRow = 0;
    }
  }

  /// A check at intervals ended: it counts as bad once so many have failed as the service says.
  void checked(String endpoint, CheckResult result, EndpointHealth.State state) {
    boolean unhealthy = !result.ok() && state == EndpointHealth.State.UNHEALTHY;
    probed(endpoint, !unhealthy, !result.ok() && !result.answered(), result.latencyNanos());
    if (unhealthy) {
      Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
      long missing = UNHEALTHY_PROBES - about.badInRow;
      about.total += Math.max(0, missing);
      about.badInRow = Math.max(UNHEALTHY_PROBES, about.badInRow);
    }
  }

  /// What probes of an endpoint found.
  ProbeResults results(String endpoint) {
    Probes about = probes.get(endpoint);
    return about == null ? ProbeResults.NONE : about.results();
  }

  /// Whether an endpoint was ever looked at.
  boolean knows(String endpoint) {
    return probes.containsKey(endpoint);
  }

  /// Forgets all others.
  void retain(Set<String> endpoints) {
    probes.keySet().retainAll(endpoints);
  }

  /// Sends a probe now.
  void probe(String endpoint) {
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint put : entry.endpoints()) {
        if (put.endpoint().equals(endpoint)) {
          prober.probe(entry.service(), put);
        }
      }
    }
  }

  /// Probes what has just begun to fail. A policy that learns from one failure sends no second
  /// request, so that failures in a row would take long to add up: probes find out at once and cost
  /// no client anything.
  void probeSuspects(Facts facts, long nowNanos) {
    facts
        .endpoints()
        .forEach((id, about) -> {
          boolean suspect =
              about.seen().failuresInRow() > 0
                  && about.seen().lastFailureAgeNanos() < SUSPECT_NANOS
                  && !facts.verdicts().containsKey(id)
                  && about.reachedBy().contains(facts.self());
          Probes sent = probes.computeIfAbsent(id, _ -> new Probes());
          if (suspect && nowNanos - sent.lastSentNanos >= SUSPECT_PROBE_NANOS) {
            sent.lastSentNanos = nowNanos;
            probe(id);
          }
        });
  }
}
