package io.skein.app.mesh;

import io.skein.api.view.LedgerView;
import io.skein.healing.Rendezvous;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.retention.Retention;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.retention.SnapshotTurn;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets old records go: proposes cuts to the mesh if it is this node's turn, and cuts feeds where a
/// snapshot and this node's own limits allow it and every live member has the records. One feed a
/// second at most. Whose turn it is follows from the rendezvous hash ([SnapshotTurn]), a rank after
/// the other 30 s apart. On the mesh thread.
final class Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
  static final String SUBJECT = "snapshot";
  private static final long LOOK_EVERY_MILLIS = 10_000;
  private static final int LOOKS_EACH_RANK = 3;

  private final Records records;
  private final Derived derived;
  private final Function<NodeId, String> names;
  private final EventLog events;
  private final SnapshotTurn turn = new SnapshotTurn(LOOKS_EACH_RANK);
  private final Deque<Cut> due = new ArrayDeque<>();
  private RetentionLimits limits = RetentionLimits.defaults();
  private long lookedMillis = Long.MIN_VALUE;
  private long heldBytes;
  private long freedBytes;
  private boolean failing;

  Pruning(Records records, Derived derived, Function<NodeId, String> names, EventLog events) {
    this.records = records;
    this.derived = derived;
    this.names = names;
    this.events = events;
  }

  void limits(RetentionLimits fresh) {
    limits = fresh;
    derived.retention().limits(fresh);
  }

  /// Does what is due; once a second.
  ///
  /// @param live the members alive, this node included
  void second(Collection<NodeId> live, long nowMillis) {
    Ledger ledger = records.ledger();
    ledger
        .roster()
        .mesh()
        .ifPresent(mesh -> {
          RetentionLimits own = limits.withWindow(mesh.windowMillis());
          if (!own.equals(derived.retention().limits())) {
            derived.retention().limits(own);
          }
        });
    if (ledger.storageFailure().isPresent()) {
      return;
    }
    if (lookedMillis == Long.MIN_VALUE || nowMillis - lookedMillis >= LOOK_EVERY_MILLIS) {
      lookedMillis = nowMillis;
      look(live, nowMillis);
    }
    if (!due.isEmpty()) {
      // The ledger cuts nothing while something waits, and in a busy mesh something always does.
      records.settle();
    }
    while (!due.isEmpty() && !cut(due.removeFirst())) {
      // Those that cannot be cut now cost nothing: on to the next.
    }
  }

  private void look(Collection<NodeId> live, long nowMillis) {
    Ledger ledger = records.ledger();
    Retention retention = derived.retention();
    heldBytes = 0;
    for (FeedId feed : ledger.heads().keySet()) {
      heldBytes += ledger.bytes(feed);
    }
    long scoredMillis = derived.scoredMillis().orElse(nowMillis);
    List<String> writers = live.stream().map(NodeId::toString).toList();
    int rank = Rendezvous.rank(SUBJECT, ledger.self().toString(), writers);
    Optional<Body.Snapshot> proposal =
        ledger.writable() && ledger.openSignatures().count() == 0
            ? retention.proposal(nowMillis, scoredMillis, heldBytes)
            : Optional.empty();
    if (turn.look(rank, proposal.isPresent())) {
      proposal.ifPresent(records::append);
    }
    due.clear();
    due.addAll(retention.due(nowMillis, scoredMillis, heldBytes));
  }

  private boolean cut(Cut cut) {
    Ledger ledger = records.ledger();
    Optional<Head> head = ledger.head(cut.feed());
    if (head.filter(last -> last.seq() > cut.size()).isEmpty()
        || !records.everywhere(cut.feed(), cut.size() + 1)) {
      return false;
    }
    try {
      long freed = ledger.prune(cut.feed(), cut.size());
      if (ledger.cut(cut.feed()).filter(it -> it.size() >= cut.size()).isEmpty()) {
        return false;
      }
      failing = false;
      freedBytes += freed;
      derived.cut(cut.feed(), cut.size());
      String name = names.apply(cut.feed().author());
      LOG.atInfo()
          .addKeyValue("author", name)
          .addKeyValue("size", cut.size())
          .addKeyValue("freed", freed)
          .log("records that are past the retention were let go");
      events.add(
          "ledger",
          "info",
          name,
          "records up to " + cut.size() + " of its feed that may go were let go");
    } catch (UncheckedIOException e) {
      if (!failing) {
        LOG.warn("a feed could not be cut: {}; it is tried again", e.getMessage());
      }
      failing = true;
    }
    return true;
  }

  /// What is kept, and why.
  LedgerView.Retention view() {
    Ledger ledger = records.ledger();
    RetentionLimits own = derived.retention().limits();
    List<LedgerView.Cut> cuts = new ArrayList<>();
    for (Map.Entry<FeedId, Head> entry : ledger.heads().entrySet()) {
      Optional<FeedCut> cut = ledger.cut(entry.getKey());
      if (cut.isPresent()) {
        FeedId feed = entry.getKey();
        cuts.add(
            new LedgerView.Cut(
                feed.author().toString(),
                names.apply(feed.author()),
                Long.toUnsignedString(feed.epoch()),
                cut.get().size(),
                entry.getValue().seq(),
                cut.get().root().toString()));
      }
    }
    Optional<Instant> next = derived.retention().nextSnapshotMillis().map(Instant::ofEpochMilli);
    return new LedgerView.Retention(
        "age-and-size",
        "measurements, receipts, checkpoints and cosignatures go when they are past age or size and"
            + " every live member has them; who belongs to the mesh, what it serves, what was set"
            + " aside and who cheated stays, and the hashes of all records",
        own.age().toMillis(),
        own.floor().toMillis(),
        own.sizeBytes(),
        heldBytes,
        freedBytes,
        cuts,
        next);
  }
}
