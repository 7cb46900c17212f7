package io.skein.app.mesh;

import io.skein.api.view.HealingView;
import io.skein.app.mesh.Verdicts.Repair;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    return new HealingView(
        record.hash().toString(),
        Instant.ofEpochMilli(HybridClock.millis(record.hlc())),
        repair.heal().evidence(),
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
