package io.skein.app.mesh;

import io.skein.healing.Rendezvous;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that every proof of a fork stands in the ledger once, and tells people of authors
/// that write in two epochs at a time. Confined to the mesh thread.
///
/// The proof itself freezes the feed on every node; the record keeps it for whoever reads the
/// ledger later. The live node that comes first by rendezvous hash of the feed writes it, the one
/// of rank r after r times [#PATIENCE_NANOS] without it. A proof whose two records do not fit into
/// one is not written: it spreads all the same.
final class Cheats {
  private static final Logger LOG = LoggerFactory.getLogger(Cheats.class);
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  // Key, heads of both records, and the envelope of the record around them.
  private static final int ENVELOPE_BYTES = 512;

  private final Ledger ledger;
  private final Derived derived;
  private final Consumer<Body> append;
  private final Function<NodeId, String> names;
  private final EventLog events;
  private final Map<FeedId, Long> seenNanos = new HashMap<>();
  private final Set<FeedId> written = new HashSet<>();
  private final Set<NodeId> alarmed = new HashSet<>();

  Cheats(
      Ledger ledger,
      Derived derived,
      Consumer<Body> append,
      Function<NodeId, String> names,
      EventLog events) {
    this.ledger = ledger;
    this.derived = derived;
    this.append = append;
    this.names = names;
    this.events = events;
  }

  /// Does what is due.
  ///
  /// @param live the members alive, this node included
  /// @return whether an author was found to live twice, or no longer
  boolean step(Collection<NodeId> live, long nowNanos) {
    writeProofs(live, nowNanos);
    return alarm();
  }

  private void writeProofs(Collection<NodeId> live, long nowNanos) {
    for (ForkProof proof : ledger.proofs()) {
      FeedId feed = proof.feed();
      if (!ledger.writable()
          || derived.provenForked().contains(feed)
          || written.contains(feed)
          || !fits(proof)) {
        continue;
      }
      List<String> writers =
          live.stream().filter(node -> !node.equals(feed.author())).map(NodeId::toString).toList();
      int rank = Rendezvous.rank(feed.toString(), ledger.self().toString(), writers);
      long seen = seenNanos.computeIfAbsent(feed, _ -> nowNanos);
      if (rank >= 0 && nowNanos - seen >= rank * PATIENCE_NANOS) {
        written.add(feed);
        append.accept(proof);
      }
    }
  }

  private static boolean fits(ForkProof proof) {
    int first = proof.first().encodedLength();
    int second = proof.second().encodedLength();
    return Math.max(first, second) <= SignedRecord.MAX_ORDINARY_BYTES
        && first + second + ENVELOPE_BYTES <= SignedRecord.MAX_BYTES;
  }

  private boolean alarm() {
    Set<NodeId> clones = ledger.clones();
    boolean changed = !alarmed.equals(clones);
    for (NodeId clone : clones) {
      if (alarmed.add(clone)) {
        String name = names.apply(clone);
        LOG.atWarn()
            .addKeyValue("author", name)
            .log("writes in two epochs at a time: its key is in use twice");
        events.add(
            "ledger",
            "error",
            name,
            "writes in two epochs at a time: its key is in use twice. It gets no requests until it is"
                + " rotated or revoked");
      }
    }
    alarmed.retainAll(clones);
    return changed;
  }
}
