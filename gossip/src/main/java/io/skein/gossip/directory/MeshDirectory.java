package io.skein.gossip.directory;

import io.skein.gossip.transport.jgroups.JGroupsTransport;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.infinispan.conflict.EntryMergePolicy;
import org.jgroups.JChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A copy of small derived facts on every node, kept by Infinispan on the mesh's own channel.
///
/// It is never authoritative. Who derives a fact first writes it ([#put]), the cache carries it to
/// the others, and a node that cannot derive it yet may read it ([#entries]). Every node compares
/// its copy with its own source ([Source]) at intervals and after each view, and makes the copy
/// equal to it: whatever the cache lost, kept, mixed up or never delivered is put right from there,
/// by writes to this node's copy alone, which need no peer.
///
/// Everything that can wait happens on one thread of its own, start included; no caller waits. With
/// the queue full, the cache down or the channel cut, writes are dropped and counted, and the next
/// audit brings them. Thread-safe.
public final class MeshDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MeshDirectory.class);
  private static final int MAX_WAITING = 1_024;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
  private static final Write WAKE = new Write("", Optional.empty());

  private final DirectoryConfig config;
  private final EntryMergePolicy<String, Object> merging;
  private final Source source;
  private final JChannel channel;
  private final WaitingRoom waiting;
  private final BlockingQueue<Write> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private final Audit audit = new Audit();
  private final AtomicLong nextAudit = new AtomicLong(Long.MAX_VALUE);
  private final LongAdder written = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder audits = new LongAdder();
  private final Map<Audit.Kind, LongAdder> repairs = new EnumMap<>(Audit.Kind.class);
  private volatile Optional<MeshCache> cache = Optional.empty();
  private volatile boolean closed;

  private record Write(String key, Optional<DirectoryEntry> entry) {}

  /// Where the truth is.
  public interface Source {
    /// What the directory should hold, as derived from the source now; empty while this node cannot
    /// tell, as one that has just joined. Called on the directory's thread, which may be made to
    /// wait.
    Optional<Map<String, DirectoryEntry>> expected() throws InterruptedException;

    /// An audit found and repaired differences. Called on the directory's thread.
    ///
    /// @param repaired how many, by kind
    /// @param first whether it was the first audit, which fills a new copy
    void repaired(Map<String, Integer> repaired, boolean first);
  }

  /// Takes its place on the transport's channel, which must not have been started yet.
  public MeshDirectory(JGroupsTransport transport, DirectoryConfig config, Source source) {
    this(transport, config, source, new GreatestVersion());
  }

  MeshDirectory(
      JGroupsTransport transport,
      DirectoryConfig config,
      Source source,
      EntryMergePolicy<String, Object> merging) {
    this.config = config;
    this.source = source;
    this.merging = merging;
    this.channel = transport.channel();
    this.waiting = ChannelShare.reserve(channel);
    for (Audit.Kind kind : Audit.Kind.values()) {
      repairs.put(kind, new LongAdder());
    }
    thread = new Thread(this::run, "skein-directory");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    transport.beforeClose(this::close);
  }

  /// Begins to work, once the transport has started; nothing happens after [#close]. Returns at
  /// once.
  public synchronized void start() {
    if (!closed) {
      thread.start();
    }
  }

  /// Hands over an entry for all copies; it replaces only older ones. Never blocks.
  ///
  /// @return whether there was room for it
  public boolean put(String key, DirectoryEntry entry) {
    boolean taken = !closed && queue.offer(new Write(key, Optional.of(entry)));
    if (!taken) {
      dropped.increment();
    }
    return taken;
  }

  /// The readable entries of this node's copy, by key; empty while the cache is not up. Asks
  /// nobody, costs a pass over the copy.
  public Map<String, DirectoryEntry> entries() {
    Map<String, DirectoryEntry> entries = new TreeMap<>();
    cache.ifPresent(open ->
        open.held()
            .forEach((key, bytes) ->
                DirectoryEntry.read(bytes).ifPresent(entry -> entries.put(key, entry))));
    return entries;
  }

  /// What it did so far.
  public DirectoryCounters counters() {
    Map<String, Long> byKind = new HashMap<>();
    repairs.forEach((kind, count) -> byKind.put(DirectoryCounters.name(kind), count.sum()));
    return new DirectoryCounters(
        cache.isPresent(),
        cache.map(MeshCache::size).orElse(0),
        written.sum(),
        dropped.sum(),
        audits.sum(),
        byKind);
  }

  /// The cache itself, for tests that break it.
  Optional<MeshCache> cache() {
    return cache;
  }

  /// Whether it was ever started.
  boolean begun() {
    return thread.getState() != Thread.State.NEW;
  }

  private void run() {
    try {
      while (!closed) {
        if (cache.isEmpty()) {
          open();
        } else {
          step(cache.get());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void open() throws InterruptedException {
    try {
      MeshCache opened =
          MeshCache.open(new ChannelShare(channel, waiting, this::viewed), config, merging);
      cache = Optional.of(opened);
      auditIn(config.settle());
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.warn("the directory does not start, and nothing depends on it: {}", e.toString());
        LOG.debug("why the directory does not start", e);
        TimeUnit.NANOSECONDS.sleep(config.retry().toNanos());
      }
    }
  }

  private void step(MeshCache open) throws InterruptedException {
    long left = nextAudit.get() - System.nanoTime();
    Write write = left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : null;
    try {
      if (write != null) {
        write(open, write);
      } else if (nextAudit.get() - System.nanoTime() <= 0) {
        nextAudit.set(System.nanoTime() + config.audit().toNanos());
        audit(open);
      }
    } catch (RuntimeException e) {
      dropped.increment();
      LOG.debug("the directory's cache failed", e);
    }
  }

  private void viewed() {
    auditIn(config.settle());
    wake();
  }

  /// Audits as soon as the thread comes to it.
  void auditNow() {
    auditIn(Duration.ZERO);
    wake();
  }

  // The thread may wait for a later audit.
  private void wake() {
    if (!queue.offer(WAKE)) {
      LOG.trace("the directory's thread is busy and will look at the clock by itself");
    }
  }

  private void auditIn(Duration delay) {
    nextAudit.set(System.nanoTime() + delay.toNanos());
  }

  private void write(MeshCache open, Write write) {
    if (write.entry().isEmpty()) {
      return;
    }
    byte[] bytes = write.entry().get().toBytes();
    byte[] held = open.here(write.key());
    if (held.length == 0 || GreatestVersion.compare(held, bytes) < 0) {
      open.put(write.key(), bytes);
      written.increment();
    }
  }

  private void audit(MeshCache open) throws InterruptedException {
    Optional<Map<String, DirectoryEntry>> expected = source.expected();
    if (expected.isEmpty()) {
      return;
    }
    List<Audit.Repair> found = audit.compare(expected.get(), open.held());
    Map<String, Integer> byKind = new TreeMap<>();
    for (Audit.Repair repair : found) {
      repair
          .bytes()
          .ifPresentOrElse(
              bytes -> open.putHere(repair.key(), bytes), () -> open.removeHere(repair.key()));
      Objects.requireNonNull(repairs.get(repair.kind())).increment();
      byKind.merge(DirectoryCounters.name(repair.kind()), 1, Integer::sum);
    }
    boolean first = audits.sum() == 0;
    audits.increment();
    if (audit.undecided()) {
      auditIn(config.settle());
    }
    if (!byKind.isEmpty()) {
      source.repaired(byKind, first);
    }
  }

  /// Stops the cache, at most two seconds long; the channel stays open. Idempotent.
  @Override
  public void close() {
    if (!ends()) {
      return;
    }
    Thread stopping =
        Thread.ofVirtual()
            .name("skein-directory-stop")
            .start(() -> cache.ifPresent(MeshCache::close));
    try {
      stopping.join(STOP_LIMIT);
      if (begun()) {
        thread.join(STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Whether it has not ended yet, and does now: from here on its thread does not begin any more.
  private synchronized boolean ends() {
    boolean first = !closed;
    closed = true;
    thread.interrupt();
    return first;
  }
}
