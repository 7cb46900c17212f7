package io.skein.app.mesh;

import io.skein.api.view.HealingStateView;
import io.skein.api.view.HealingView;
import io.skein.api.view.StrengthsView;
import io.skein.app.mesh.Verdicts.Repair;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Repairs, for the API. On the mesh thread.
final class HealingViews {
  private static final int MOST = 200;

  private final MeshCore core;

  HealingViews(MeshCore core) {
    this.core = core;
  }

  List<HealingView> healing() {
    return core.derived().verdicts().history().stream().limit(MOST).map(this::healing).toList();
  }

  /// What is wrong, how far this node trusts itself, what it may do and what worked before.
  HealingStateView state() {
    Repairs repairs = core.healing().repairs();
    Names names = core.names();
    Map<String, String> acting = new LinkedHashMap<>();
    for (ActionKind action : ActionKind.values()) {
      acting.put(action.word(), repairs.plan().acting().contains(action) ? "act" : "observe");
    }
    return new HealingStateView(
        core.healing().vigil().patience(),
        acting,
        repairs.diagnoses().stream()
            .map(each ->
                new HealingStateView.Finding(
                    each.kind(),
                    each.subject(),
                    each.subjectKind(),
                    Findings.name(names, each),
                    each.evidence()))
            .toList(),
        strengths(repairs.strengths()));
  }

  private List<HealingStateView.Strength> strengths(Strengths strengths) {
    List<HealingStateView.Strength> told = new ArrayList<>();
    Set<String> kinds = new TreeSet<>(Set.of("endpoint-slow"));
    core.derived().verdicts().effects().forEach(each -> kinds.add(each.effect().diagnosis()));
    for (String kind : kinds) {
      for (ActionKind action : ActionKind.values()) {
        told.add(
            new HealingStateView.Strength(
                kind, action.word(), strengths.milli(kind, action) / 1e3));
      }
    }
    return told;
  }

  /// What the strengths follow from, and they themselves.
  StrengthsView strengths() {
    Strengths strengths = core.healing().repairs().strengths();
    return new StrengthsView(
        core.derived().settled()
            ? Optional.of(core.records().ledger().headsRoot().toString())
            : Optional.empty(),
        Instant.ofEpochMilli(strengths.atMillis()),
        strengths.deposits(),
        strengths(strengths));
  }

  HealingView healing(Repair repair) {
    SignedRecord record = repair.record();
    boolean node = repair.heal().subjectKind().equals(Verdicts.NODE);
    String effect =
        core.derived()
            .verdicts()
            .endOf(repair)
            .map(end ->
                end.heal().action()
                    + " after "
                    + seconds(HybridClock.millis(end.hlc()) - HybridClock.millis(repair.hlc())))
            .orElse("");
    String evidence = HealWords.evidenceIn(repair.heal().evidence());
    Optional<Body.Effect> measured =
        core.derived().verdicts().effectOf(record.hash()).map(Verdicts.Told::effect);
    return new HealingView(
        record.hash().toString(),
        Instant.ofEpochMilli(HybridClock.millis(record.hlc())),
        evidence,
        evidence,
        HealWords.expectedIn(repair.heal().evidence()),
        measured.map(Body.Effect::outcome).orElse(""),
        measured.map(HealWords::measured).orElse(""),
        measured.map(Body.Effect::diagnosis).orElse(""),
        repair.heal().diagnosis(),
        repair.heal().action(),
        repair.heal().subject(),
        repair.heal().subjectKind(),
        node ? core.names().ofText(repair.heal().subject()) : repair.heal().subject(),
        core.nameOf(record.author()),
        effect,
        repair.heal().cause().equals(Hash.ZERO)
            ? Optional.empty()
            : Optional.of(repair.heal().cause().toString()),
        record.hash().toString());
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }
}
