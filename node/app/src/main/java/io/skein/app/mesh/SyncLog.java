package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Recovery;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.sync.ReconcilerListener;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells people what reconciliation met: once per peer and kind, so that a peer that floods cannot
/// fill the log; the metrics count every case. Confined to the mesh thread.
final class SyncLog implements ReconcilerListener {
  private static final Logger LOG = LoggerFactory.getLogger(SyncLog.class);
  private static final int MAX_PEERS = 1_024;

  private final Function<NodeId, String> names;
  private final EventLog events;
  private final Map<NodeId, Set<Refusal>> told = new HashMap<>();
  private final Set<NodeId> silenced = new HashSet<>();

  SyncLog(Function<NodeId, String> names, EventLog events) {
    this.names = names;
    this.events = events;
  }

  @Override
  public void malformed(NodeId from, String reason, long count) {
    if (count == 1) {
      LOG.atWarn().addKeyValue("peer", names.apply(from)).log("malformed message: {}", reason);
      events.add("ledger", "warning", names.apply(from), "sent a malformed message: " + reason);
    }
  }

  @Override
  public void refused(NodeId from, Acceptance.Refused refusal) {
    if (told.size() < MAX_PEERS
        && told.computeIfAbsent(from, _ -> EnumSet.noneOf(Refusal.class)).add(refusal.reason())) {
      LOG.atWarn()
          .addKeyValue("peer", names.apply(from))
          .addKeyValue("reason", refusal.reason())
          .log("record refused: {}", refusal.detail());
      events.add("ledger", "warning", names.apply(from), "record refused: " + refusal.detail());
    }
  }

  @Override
  public void convicted(ForkProof proof) {
    String author = names.apply(proof.feed().author());
    LOG.atError()
        .addKeyValue("author", author)
        .addKeyValue("seq", proof.seq())
        .log("fork: two histories of one feed; it is frozen");
    events.add(
        "ledger",
        "error",
        author,
        "signed two histories from record " + proof.seq() + " on; its feed is frozen there");
  }

  @Override
  public void silenced(NodeId peer) {
    if (silenced.size() < MAX_PEERS && silenced.add(peer)) {
      LOG.atWarn()
          .addKeyValue("peer", names.apply(peer))
          .log("sends garbage; it is not listened to for a while");
      events.add("ledger", "warning", names.apply(peer), "sends garbage; it is not listened to");
    }
  }

  @Override
  public void recovered(Recovery outcome) {
    String text = outcome.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    LOG.info("own feed: {}", text);
    events.add("ledger", "info", "own feed", text);
  }
}
