package io.skein.app.mesh;

import io.skein.app.traffic.TrafficHistory;
import io.skein.app.traffic.TrafficHistory.Point;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import io.skein.healing.swarm.Trial;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures what came of the repairs that this node has decided: requests to the service's
/// endpoints from here, before and after. Confined to the mesh thread.
final class Aftermath {
  private static final int MOST = 1_000;

  private final TrafficHistory traffic;
  private final Map<Hash, Open> open = new LinkedHashMap<>();

  private record Open(
      String subject,
      ActionKind action,
      String diagnosis,
      Collection<String> endpoints,
      Trial trial) {}

  /// What came of a repair.
  ///
  /// @param subject of it
  /// @param effect to be written
  record Measured(String subject, ActionKind action, Outcome outcome, Body.Effect effect) {}

  Aftermath(TrafficHistory traffic) {
    this.traffic = traffic;
  }

  /// A repair is done.
  ///
  /// @param diagnosis its kind
  /// @param endpoints whose requests show what comes of it
  /// @param before their requests before it was decided
  void begin(
      Hash repair,
      String subject,
      ActionKind action,
      String diagnosis,
      Collection<String> endpoints,
      Figures before,
      long nowNanos) {
    if (open.size() < MOST) {
      open.put(
          repair,
          new Open(
              subject, action, diagnosis, List.copyOf(endpoints), new Trial(before, nowNanos)));
    }
  }

  /// What can be said now. Said once.
  List<Measured> due(long nowNanos) {
    List<Measured> due = new ArrayList<>();
    open.entrySet()
        .removeIf(entry -> {
          Open it = entry.getValue();
          if (!it.trial().over(nowNanos)) {
            return false;
          }
          Figures after = figures(it.endpoints());
          Outcome outcome = it.trial().before().then(after);
          due.add(
              new Measured(
                  it.subject(),
                  it.action(),
                  outcome,
                  new Body.Effect(
                      entry.getKey(),
                      it.diagnosis(),
                      it.action().word(),
                      outcome.word(),
                      Trial.SECONDS,
                      said(it.trial().before()),
                      said(after))));
          return true;
        });
    return due;
  }

  private static EffectFigures said(Figures figures) {
    return new EffectFigures(figures.requests(), figures.failed(), figures.latencyMicros());
  }

  /// Requests of the last seconds to these endpoints, from here.
  Figures figures(Collection<String> endpoints) {
    long requests = 0;
    long failed = 0;
    long good = 0;
    long micros = 0;
    for (String endpoint : endpoints) {
      for (Point point : traffic.points(endpoint, Trial.SECONDS)) {
        requests += point.requests();
        failed += point.failed();
        long answered = point.requests() - point.failed();
        good += answered;
        micros += answered * point.p50Micros();
      }
    }
    return new Figures(requests, failed, good == 0 ? 0 : micros / good);
  }
}
