package io.skein.app.mesh;

import io.skein.gossip.directory.DirectoryConfig;
import io.skein.gossip.directory.DirectoryCounters;
import io.skein.gossip.directory.DirectoryEntry;
import io.skein.gossip.directory.MeshDirectory;
import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The catalogue in the replicated directory: the author of a change writes it there, every node's
/// audit compares its copy with the catalogue that follows from its own ledger, and a node whose
/// ledger has not come yet can read what the mesh serves. Any thread.
public final class CatalogueDirectory implements MeshDirectory.Source {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogueDirectory.class);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  /// How long after its admission a node with peers takes its ledger for whole enough to judge
  /// others by it. An early verdict does no lasting harm: the next audits bring back what it
  /// removed.
  private static final Duration SYNC = Duration.ofSeconds(10);

  private final MeshCore core;
  private final MeshDirectory directory;
  private long admittedNanos = Long.MIN_VALUE;
  private volatile boolean provisional = true;

  /// Takes its place on the transport and the core, neither of which has been started.
  public CatalogueDirectory(JGroupsTransport transport, MeshCore core) {
    this.core = core;
    this.directory = new MeshDirectory(transport, DirectoryConfig.defaults(), this);
    core.onOwnChange(this::written);
  }

  /// Begins, when the node has started. Returns at once.
  public void start() {
    directory.start();
  }

  private void written(SignedRecord record, ServiceChange change) {
    DirectoryEntry entry = entry(record.hlc(), record.author(), change);
    Catalogue.keys(change).forEach(key -> directory.put(key, entry));
  }

  @Override
  public Optional<Map<String, DirectoryEntry>> expected() throws InterruptedException {
    try {
      Optional<List<Catalogue.Standing>> standing =
          core.thread().ask(this::standing).get(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
      provisional = standing.isEmpty();
      return standing.map(all -> {
        Map<String, DirectoryEntry> expected = new TreeMap<>();
        all.forEach(one -> expected.put(one.key(), entry(one.hlc(), one.author(), one.change())));
        return expected;
      });
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("no audit of the directory: {}", e.toString());
      return Optional.empty();
    }
  }

  // On the mesh thread.
  private Optional<List<Catalogue.Standing>> standing() {
    long now = System.nanoTime();
    if (!core.beginning().isOver()
        || core.records().ledger().roster().member(core.self()).isEmpty()) {
      return Optional.empty();
    }
    if (admittedNanos == Long.MIN_VALUE) {
      admittedNanos = now;
    }
    boolean alone = core.peers().reachable().isEmpty();
    return alone || now - admittedNanos >= SYNC.toNanos()
        ? Optional.of(core.derived().standing())
        : Optional.empty();
  }

  @Override
  public void repaired(Map<String, Integer> repaired, boolean first) {
    String what =
        repaired.entrySet().stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", "));
    if (first) {
      LOG.debug("directory filled: {}", what);
    } else {
      LOG.info("directory repaired from the ledger: {}", what);
      core.events().add("node", "info", core.who().name(), "directory repaired: " + what);
    }
  }

  /// What the directory says the mesh serves. Nobody vouches for it: an admitted node may write
  /// what it likes there until the others' audits.
  public Map<String, Catalogue.Entry> read() {
    Catalogue catalogue = new Catalogue();
    directory
        .entries()
        .forEach((key, entry) ->
            ServiceChange.read(entry.content())
                .filter(change -> Catalogue.keys(change).contains(key))
                .ifPresent(change ->
                    catalogue.apply(change, entry.clock(), Peers.nodeId(entry.author()))));
    return catalogue.view();
  }

  /// Whether this node cannot compare the directory with its own ledger yet.
  public boolean provisional() {
    return provisional;
  }

  /// What was written, audited and repaired so far.
  public DirectoryCounters counters() {
    return directory.counters();
  }

  /// The copy itself, for tests that break it.
  public MeshDirectory copy() {
    return directory;
  }

  private static DirectoryEntry entry(long hlc, NodeId author, ServiceChange change) {
    return new DirectoryEntry(hlc, Peers.peerId(author), change.toBytes());
  }
}
