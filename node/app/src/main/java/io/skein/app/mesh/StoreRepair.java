package io.skein.app.mesh;

import io.skein.healing.StoreHealer;
import io.skein.healing.action.Action;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Outcome;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/// The repair of this node's own store: lets the ledger ask peers for what it can no longer read,
/// and tells of it in records: one when it begins, one with the time and the count when it ends,
/// and what came of it. Its effect is no request's: its figures are 0. Confined to the mesh thread.
final class StoreRepair {
  private static final String DIAGNOSIS = "ledger-corrupted";
  private static final EffectFigures NO_REQUESTS = new EffectFigures(0, 0, 0);
  private static final long NANOS = 1_000_000_000L;
  private static final long MOST_SECONDS = 86_400;

  private final Records records;
  private final StoreHealer healer;
  private final BiFunction<Body, String, CompletableFuture<SignedRecord>> append;
  private CompletableFuture<SignedRecord> begun = new CompletableFuture<>();

  /// @param append writes a record about this
  StoreRepair(
      String self,
      Records records,
      BiFunction<Body, String, CompletableFuture<SignedRecord>> append) {
    this.records = records;
    this.healer = new StoreHealer(self);
    this.append = append;
  }

  List<Action> step(boolean acts, long nowNanos) {
    records.mends(acts);
    return healer.step(records.unreadable(), records.mended(), acts, nowNanos);
  }

  void begin(Action.Rebuild what) {
    begun =
        write(
            ActionKind.REBUILD.word(),
            what.node(),
            DIAGNOSIS,
            HealWords.evidence(what.evidence(), "all are readable again, from peers' copies"),
            Hash.ZERO);
  }

  void end(Action.Rebuilt what) {
    var _ =
        begun.thenAccept(record -> {
          boolean whole = what.unreadable() == 0;
          String evidence =
              String.format(
                  Locale.ROOT,
                  "%d records from peers in %.1f s, %d still unreadable",
                  what.mended(),
                  what.nanos() / 1e9,
                  what.unreadable());
          var _ =
              write(
                  ActionKind.REBUILD.end(),
                  what.node(),
                  whole ? "recovered" : "in-vain",
                  evidence,
                  record.hash());
          var _ =
              append.apply(
                  new Body.Effect(
                      record.hash(),
                      DIAGNOSIS,
                      ActionKind.REBUILD.word(),
                      (whole ? Outcome.WORKED : Outcome.UNCHANGED).word(),
                      (int) Math.min(MOST_SECONDS, Math.ceilDiv(what.nanos(), NANOS)),
                      NO_REQUESTS,
                      NO_REQUESTS),
                  "what came of a repair of the store");
        });
  }

  private CompletableFuture<SignedRecord> write(
      String action, String node, String diagnosis, String evidence, Hash cause) {
    return append.apply(
        new Body.Heal(action, node, Verdicts.NODE, diagnosis, evidence, cause),
        "repair '" + action + "' of the store");
  }
}
