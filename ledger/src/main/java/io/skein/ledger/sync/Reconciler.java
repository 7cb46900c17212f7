package io.skein.ledger.sync;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncMessage.Entry;
import io.skein.ledger.sync.SyncMessage.Want;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Makes a ledger equal to its peers'.
///
/// *Push.* New own records go to all live peers at once, or to a few random ones if there are many.
/// Nothing is repeated: whatever is lost is pulled.
///
/// *Digest.* Every second one random peer is told eight bytes of the heads root. If its own differ
/// it tells all its heads, and is told those in which it is behind. A peer that comes into view is
/// asked for its heads at once.
///
/// *Pull.* What a peer is known to have and the ledger lacks is asked for: one request at a time to
/// each peer, each feed from one peer at a time, in bounded batches; the next after the last has
/// been committed, so a slow disk slows the peers down. Heads are told in the order in which feeds
/// were admitted, and asked for in that order, so that invites come before those they admit. A peer
/// that does not answer is passed over for a while and another is asked.
///
/// *Recovery.* While a reopened ledger is not writable, the reconciler listens for what peers say
/// about this node's own feeds, fetches it, and then lets the ledger go on; see [OwnHeads].
///
/// The owner calls [#tick] every 100 to 200 ms, [#receive] for each message, [#peers] for each
/// view, and after each [Ledger#commit] hands its result to [#committed]. [#receive] only buffers
/// what it accepts, and [#tick] may open a new epoch: the owner commits after both. Confined to the
/// ledger's thread. Nothing a peer sends makes it throw.
public final class Reconciler {
  private final Ledger ledger;
  private final Outbox outbox;
  private final RandomGenerator random;
  private final ReconcilerConfig config;
  private final ReconcilerListener listener;
  private final SyncCodec codec;
  private final OwnHeads ownHeads;
  private final long nonce;
  private final Map<NodeId, PeerView> peers = new TreeMap<>();
  private final Map<FeedId, NodeId> pulledFrom = new TreeMap<>();
  private final Map<NodeId, Set<FeedId>> received = new TreeMap<>();
  private final Map<NodeId, Long> malformed = new TreeMap<>();
  private Map<FeedId, Head> offered = Collections.emptyMap();
  private long offeredDigest;
  private long lastPull;
  private boolean ticked;
  private long digestNanos;

  /// A reconciler that knows no peer yet.
  public Reconciler(
      Ledger ledger,
      Outbox outbox,
      RandomGenerator random,
      ReconcilerConfig config,
      ReconcilerListener listener) {
    this.ledger = ledger;
    this.outbox = outbox;
    this.random = random;
    this.config = config;
    this.listener = listener;
    this.codec = new SyncCodec(ledger.meshId());
    this.ownHeads = new OwnHeads(ledger, config);
    this.nonce = random.nextLong() | 1;
  }

  /// As the other, with nobody listening.
  public Reconciler(Ledger ledger, Outbox outbox, RandomGenerator random, ReconcilerConfig config) {
    this(ledger, outbox, random, config, ReconcilerListener.NONE);
  }

  /// The peers that are alive now; this node itself is left out.
  public void peers(Collection<NodeId> live) {
    Set<NodeId> now = new TreeSet<>(live);
    now.remove(ledger.self());
    peers.keySet().retainAll(now);
    pulledFrom.values().retainAll(now);
    received.keySet().retainAll(now);
    malformed.keySet().retainAll(now);
    for (NodeId id : now) {
      if (!peers.containsKey(id)) {
        peers.put(id, new PeerView(id));
        send(id, new SyncMessage.Ask(nonce));
      }
    }
  }

  /// Does what is due by the clock.
  public void tick(long nowNanos) {
    if (!ticked) {
      ticked = true;
      digestNanos = nowNanos;
    }
    if (nowNanos - digestNanos >= config.digestEvery().toNanos() && !peers.isEmpty()) {
      digestNanos = nowNanos;
      offered = ledger.heads();
      offeredDigest = SyncCodec.tag(ledger.headsRoot());
      List<NodeId> live = List.copyOf(peers.keySet());
      send(live.get(random.nextInt(live.size())), new SyncMessage.Digest(offeredDigest));
    }
    for (PeerView peer : peers.values()) {
      askAgain(peer, nowNanos);
      expire(peer, nowNanos);
    }
    pullAll(nowNanos);
    ownHeads.decide(peers.values(), nowNanos).ifPresent(listener::recovered);
  }

  private void askAgain(PeerView peer, long nowNanos) {
    if (peer.answered) {
      return;
    }
    if (!peer.asked) {
      peer.asked = true; // peers() has sent the first question, without a clock
      peer.askedNanos = nowNanos;
    } else if (nowNanos - peer.askedNanos >= config.askEvery().toNanos()) {
      peer.askedNanos = nowNanos;
      send(peer.id, new SyncMessage.Ask(nonce));
    }
  }

  private void expire(PeerView peer, long nowNanos) {
    peer.pending()
        .filter(pull -> nowNanos - pull.deadlineNanos() >= 0)
        .ifPresent(pull -> {
          finish(peer, pull);
          peer.passOver(nowNanos + config.pullTimeout().toNanos());
        });
  }

  private void finish(PeerView peer, PeerView.Pending pull) {
    peer.pulled();
    pull.wants().forEach(want -> pulledFrom.remove(want.feed(), peer.id));
  }

  /// Handles a message, whatever its bytes are.
  public void receive(NodeId from, byte[] message, long nowNanos) {
    SyncMessage decoded;
    try {
      decoded = codec.decode(message);
    } catch (CborException e) {
      long count = peers.containsKey(from) ? malformed.merge(from, 1L, Long::sum) : 1;
      listener.malformed(from, String.valueOf(e.getMessage()), count);
      return;
    }
    PeerView peer = peers.get(from);
    switch (decoded) {
      case SyncMessage.Digest(long digest) -> compare(from, digest);
      case SyncMessage.Ask(long asked) -> tellAll(from, asked);
      case SyncMessage.Pull pull -> serve(from, pull);
      case SyncMessage.InSync(long digest) -> {
        if (peer != null && digest == offeredDigest) {
          peer.inSync(offered);
        }
      }
      case SyncMessage.Heads heads -> {
        if (peer != null) {
          told(peer, heads, nowNanos);
        }
      }
      case SyncMessage.Records records -> {
        if (peer != null) {
          take(peer, records, nowNanos);
        }
      }
    }
  }

  private void compare(NodeId from, long digest) {
    if (digest == SyncCodec.tag(ledger.headsRoot())) {
      PeerView peer = peers.get(from);
      if (peer != null) {
        peer.inSync(ledger.heads());
      }
      send(from, new SyncMessage.InSync(digest));
    } else {
      tellAll(from, 0);
    }
  }

  private void tellAll(NodeId to, long answering) {
    List<Entry> all = new ArrayList<>();
    Map<FeedId, Head> heads = ledger.heads();
    for (FeedId feed : ledger.feeds()) {
      Head head = heads.get(feed);
      if (head != null) {
        all.add(new Entry(feed, head));
      }
    }
    int needed = Math.ceilDiv(all.size(), SyncMessage.MAX_HEADS);
    int parts = Math.clamp(needed, 1, SyncMessage.MAX_PARTS);
    for (int part = 0; part < parts; part++) {
      int from = part * SyncMessage.MAX_HEADS;
      int end = Math.min(all.size(), from + SyncMessage.MAX_HEADS);
      send(to, new SyncMessage.Heads(answering, part, parts, all.subList(from, end)));
    }
  }

  private void told(PeerView peer, SyncMessage.Heads message, long nowNanos) {
    boolean all = peer.told(message);
    for (Entry entry : message.entries()) {
      suspect(peer, entry);
    }
    if (all) {
      if (message.nonce() == nonce) {
        peer.answered = true;
      }
      tellWhereBehind(peer);
    }
    pull(peer, nowNanos);
  }

  /// Notes a place where the peer's chain is not the one held: its record there is asked for.
  private void suspect(PeerView peer, Entry entry) {
    long seq = entry.head().seq();
    if (seq <= ledger.acceptedSeq(entry.feed()) && !ledger.frozen(entry.feed())) {
      Optional<Hash> held =
          Optional.ofNullable(ledger.heads().get(entry.feed()))
              .filter(head -> head.seq() == seq)
              .map(Head::hash)
              .or(() ->
                  ledger.page(entry.feed(), seq, 1).stream().findFirst().map(SignedRecord::hash));
      if (held.isPresent() && !held.get().equals(entry.head().hash())) {
        peer.suspects.put(entry.feed(), seq);
      }
    }
  }

  private void tellWhereBehind(PeerView peer) {
    List<Entry> ahead = new ArrayList<>();
    ledger
        .heads()
        .forEach((feed, head) -> {
          Head theirs = peer.heads().get(feed);
          if ((theirs == null || theirs.seq() < head.seq())
              && ahead.size() < SyncMessage.MAX_HEADS) {
            ahead.add(new Entry(feed, head));
          }
        });
    if (!ahead.isEmpty()) {
      send(peer.id, new SyncMessage.Heads(0, 0, 0, ahead));
    }
  }

  private void serve(NodeId to, SyncMessage.Pull pull) {
    List<byte[]> batch = new ArrayList<>();
    int bytes = 0;
    for (Want want : pull.wants()) {
      for (long seq = want.fromSeq(); ; seq++) {
        if (bytes >= config.batchBytes() || batch.size() >= config.batchRecords()) {
          send(to, new SyncMessage.Records(pull.id(), batch));
          return;
        }
        Optional<byte[]> record = ledger.encoded(want.feed(), seq);
        if (record.isEmpty()) {
          break;
        }
        batch.add(record.get());
        bytes += record.get().length;
      }
    }
    send(to, new SyncMessage.Records(pull.id(), batch));
  }

  private void take(PeerView peer, SyncMessage.Records message, long nowNanos) {
    Optional<PeerView.Pending> answered = peer.pending().filter(pull -> pull.id() == message.id());
    answered.ifPresent(pull -> finish(peer, pull));
    boolean grew = false;
    for (byte[] record : message.records()) {
      grew |= take(peer, record, nowNanos);
    }
    if (answered.isPresent() && !grew) {
      answered.get().wants().forEach(want -> peer.hold(want.feed(), later(nowNanos)));
    }
  }

  private boolean take(PeerView peer, byte[] encoded, long nowNanos) {
    switch (ledger.accept(encoded)) {
      case Acceptance.Accepted(SignedRecord record) -> {
        has(peer, record);
        if (record.body() instanceof Body.Genesis
            || record.body() instanceof Body.Invite
            || record.body() instanceof Body.Join) {
          peers.values().forEach(PeerView::releaseAll);
        }
        return true;
      }
      case Acceptance.Duplicate(SignedRecord record) -> has(peer, record);
      case Acceptance.Gap _ -> decoded(encoded).ifPresent(record -> noticed(peer, record));
      case Acceptance.NotYet(FeedId feed, _) -> {
        decoded(encoded).ifPresent(record -> noticed(peer, record));
        peer.hold(feed, later(nowNanos));
      }
      case Acceptance.Refused refused -> {
        decoded(encoded)
            .map(SignedRecord::feed)
            .ifPresent(feed -> {
              peer.hold(feed, later(nowNanos));
              if (refused.reason() == Refusal.BROKEN_CHAIN) {
                peer.suspects.put(feed, ledger.acceptedSeq(feed));
              }
            });
        listener.refused(peer.id, refused);
      }
      case Acceptance.Forked forked -> listener.forked(peer.id, forked);
    }
    return false;
  }

  /// Both have the record; the peer is told so after the next commit.
  private void has(PeerView peer, SignedRecord record) {
    noticed(peer, record);
    received.computeIfAbsent(peer.id, _ -> new LinkedHashSet<>()).add(record.feed());
  }

  /// Whoever sends a record has it, and all before it.
  private static void noticed(PeerView peer, SignedRecord record) {
    Entry entry = new Entry(record.feed(), new Head(record.seq(), record.hash()));
    peer.told(new SyncMessage.Heads(0, 0, 0, List.of(entry)));
  }

  private static Optional<SignedRecord> decoded(byte[] encoded) {
    return SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)
        ? Optional.of(record)
        : Optional.empty();
  }

  /// Pushes what this node wrote, tells the senders of the rest that it is durable here, and asks
  /// for more. To be called with the result of every commit.
  public void committed(List<SignedRecord> records, long nowNanos) {
    List<byte[]> own = new ArrayList<>();
    int bytes = 0;
    for (SignedRecord record : records) {
      if (record.author().equals(ledger.self())) {
        own.add(record.encoded());
        bytes += record.encodedLength();
        if (bytes >= config.batchBytes() || own.size() >= config.batchRecords()) {
          push(own);
          own.clear();
          bytes = 0;
        }
      }
    }
    push(own);
    acknowledge();
    pullAll(nowNanos);
  }

  private void push(List<byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    List<NodeId> to = new ArrayList<>(peers.keySet());
    for (int i = 0; i < to.size() && i < config.pushPeers(); i++) {
      Collections.swap(to, i, random.nextInt(i, to.size()));
      send(to.get(i), new SyncMessage.Records(0, records));
    }
  }

  private void acknowledge() {
    Map<FeedId, Head> heads = ledger.heads();
    received.forEach((peer, feeds) -> {
      List<Entry> news = new ArrayList<>();
      for (FeedId feed : feeds) {
        Head head = heads.get(feed);
        if (head != null && news.size() < SyncMessage.MAX_HEADS) {
          news.add(new Entry(feed, head));
        }
      }
      send(peer, new SyncMessage.Heads(0, 0, 0, news));
    });
    received.clear();
  }

  private void pullAll(long nowNanos) {
    peers.values().forEach(peer -> pull(peer, nowNanos));
  }

  private void pull(PeerView peer, long nowNanos) {
    if (!peer.mayPull(nowNanos)) {
      return;
    }
    List<Want> wants = new ArrayList<>();
    peer.suspects.forEach((feed, seq) -> wants.add(new Want(feed, Math.max(1, seq))));
    peer.suspects.clear();
    peer.heads()
        .forEach((feed, head) -> {
          long next = ledger.acceptedSeq(feed) + 1;
          if (next <= head.seq()
              && !pulledFrom.containsKey(feed)
              && !ledger.frozen(feed)
              && !peer.held(feed, nowNanos)) {
            wants.add(new Want(feed, next));
          }
        });
    if (!wants.isEmpty()) {
      List<Want> some = wants.subList(0, Math.min(wants.size(), SyncMessage.MAX_WANTS));
      lastPull++;
      peer.pulling(
          new PeerView.Pending(
              lastPull, List.copyOf(some), nowNanos + config.pullTimeout().toNanos()));
      some.forEach(want -> pulledFrom.putIfAbsent(want.feed(), peer.id));
      send(peer.id, new SyncMessage.Pull(lastPull, some));
    }
  }

  private long later(long nowNanos) {
    return nowNanos + config.pullTimeout().toNanos();
  }

  /// How many live peers are known to have a record durably.
  public int replicas(FeedId feed, long seq) {
    int replicas = 0;
    for (PeerView peer : peers.values()) {
      Head head = peer.heads().get(feed);
      if (head != null && head.seq() >= seq) {
        replicas++;
      }
    }
    return replicas;
  }

  /// Messages dropped because they were none, by peer in view.
  public Map<NodeId, Long> malformed() {
    return Collections.unmodifiableMap(malformed);
  }

  private void send(NodeId to, SyncMessage message) {
    outbox.send(to, codec.encode(message));
  }
}
