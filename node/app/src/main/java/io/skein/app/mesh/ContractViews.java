package io.skein.app.mesh;

import io.skein.api.view.ContractView;
import io.skein.app.contract.Contracts;
import io.skein.ledger.clock.HybridClock;
import io.skein.reputation.contract.Figures;
import io.skein.reputation.contract.Finding;
import io.skein.reputation.contract.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The mesh's contracts and what they say, for the API. On the mesh thread.
final class ContractViews {
  private final MeshCore core;

  ContractViews(MeshCore core) {
    this.core = core;
  }

  List<ContractView> contracts() {
    // Also asks for those to be compiled that are not yet.
    Findings findings = core.derived().scored().findings();
    long length =
        core.records().ledger().roster().mesh().map(mesh -> mesh.windowMillis()).orElse(10_000L);
    List<ContractView> views = new ArrayList<>();
    for (Contracts.Standing standing : core.derived().contracts().standing()) {
      List<Finding> found = findings.of(standing.name());
      views.add(
          new ContractView(
              standing.name(),
              DocumentJson.of(standing.document()),
              standing.faults(),
              state(standing, found),
              core.nameOf(standing.author()),
              Instant.ofEpochMilli(HybridClock.millis(standing.hlc())),
              length,
              findings.ledgerWindow().orElse(-1),
              standing.clause().terms().quarantineWindows(length),
              found.stream().map(each -> subject(each, findings, length)).toList()));
    }
    return views;
  }

  private static String state(Contracts.Standing standing, List<Finding> found) {
    if (!standing.faults().isEmpty()) {
      return "faulty";
    }
    if (standing.compiling()) {
      return "compiling";
    }
    return found.stream().anyMatch(Finding::broken) ? "broken" : "holds";
  }

  private static ContractView.Subject subject(Finding finding, Findings findings, long length) {
    boolean kept = finding.quarantinedThrough() >= findings.ledgerWindow().orElse(Long.MAX_VALUE);
    String state =
        kept ? "quarantined" : finding.spared() ? "spared" : finding.broken() ? "broken" : "holds";
    return new ContractView.Subject(
        finding.subject(),
        state,
        finding.failed(),
        finding.held(),
        finding.quarantinedThrough(),
        finding.windows().stream().map(each -> window(each, length)).toList());
  }

  private static ContractView.Window window(Finding.Window window, long length) {
    Figures figures = window.figures();
    return new ContractView.Window(
        window.window(),
        Instant.ofEpochMilli(window.window() * length),
        window.ruling().name().toLowerCase(Locale.ROOT),
        figures.requests(),
        figures.raters(),
        figures.badPpm(),
        figures.p50Micros(),
        figures.p99Micros(),
        figures.leastP99Micros(),
        figures.mostP99Micros());
  }
}
