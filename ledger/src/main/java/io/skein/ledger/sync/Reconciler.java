package io.skein.ledger.sync;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Conviction;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncMessage.Entry;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Makes a ledger equal to its peers'.
///
/// *Push.* New records travel along a tree that every node computes from the members it sees
/// ([PushTree]): about one copy for each node. Nothing is repeated: whatever is lost is pulled.
///
/// *Digest.* Every second one random peer is told eight bytes of the heads root. If its own differ
/// it tells all its heads, and is told those in which it is behind. A peer that comes into view is
/// asked for its heads at once.
///
/// *Pull.* What a peer is known to have and the ledger lacks is asked for ([Pulls]): one request at
/// a time to each peer, each feed from one peer at a time, in bounded batches; the next after the
/// last has been committed, so a slow disk slows the peers down. Heads are told in the order in
/// which feeds were admitted, and asked for in that order, so that invites come before those they
/// admit.
///
/// *Runs.* Of a long run that was pulled the last signature is verified, which is the author's word
/// for all of its content; the others are verified when nothing is pulled any more ([Arrears]).
/// Until then it counts here, and is neither told nor served to anybody.
///
/// *Evidence.* Proofs of forks go ahead of everything else ([Accusations]). Where a peer's branch
/// of a feed is another than the one held, the place where they part is looked for ([ForkSearch]).
///
/// *Recovery.* While a reopened ledger is not writable, the reconciler listens for what peers say
/// about this node's own feeds, fetches it, and then lets the ledger go on; see [OwnHeads].
///
/// *The own disk.* What it refuses, does not give back or holds up is held against nobody: while
/// there is a [Ledger#storageFailure] nobody is asked, a message for which it does not give back
/// what is needed counts as lost, and waits for peers are measured by [Attention].
///
/// *Limits.* What a peer says, asks, floods or forges is paid from that peer's own budget
/// ([PeerLimits]). What is remembered of one peer is at most its heads (those of feeds held and
/// 4,096 more, twice while a vector arrives), 4,096 feeds each held off, searched and accused, and
/// 256 heads by hearsay: under 2 MiB besides the heads of feeds that the ledger holds.
///
/// The owner calls [#tick] every 100 to 200 ms, [#receive] for each message, [#peers] for each
/// view, and after each [Ledger#commit] hands its result to [#committed]. [#receive] only buffers
/// what it accepts, and [#tick] may open a new epoch: the owner commits after both. While
/// [#inArrears], it calls [#verify] whenever it has nothing better to do. Confined to the ledger's
/// thread. Nothing a peer sends makes it throw.
public final class Reconciler {
  /// Heads kept of a peer beyond those of feeds that the ledger holds.
  private static final int STRANGE_HEADS = 4_096;

  private final Ledger ledger;
  private final RandomGenerator random;
  private final ReconcilerConfig config;
  private final ReconcilerListener listener;
  private final SyncCodec codec;
  private final Mail mail;
  private final OwnHeads ownHeads;
  private final Attention attention = new Attention();
  private final long nonce;
  private final Map<NodeId, PeerView> peers = new TreeMap<>();
  private final Lags lags;
  private final Arrears arrears;
  private final Serving serving;
  private final Pushes pushes;
  private final Accusations accusations;
  private final Pulls pulls;
  private final Withholding withholding;
  private final Deliveries deliveries;
  private final Map<NodeId, Long> malformed = new TreeMap<>();

  /// Pays for whoever is not in view.
  private final PeerView strangers;

  private Map<FeedId, Head> offered = Collections.emptyMap();
  private long offeredDigest;
  private boolean ticked;
  private long digestNanos;
  private long unheard;

  /// A reconciler that knows no peer yet.
  ///
  /// @param workers verify signatures side by side
  /// @param check verifies what runs left to be verified
  public Reconciler(
      Ledger ledger,
      Outbox outbox,
      RandomGenerator random,
      ReconcilerConfig config,
      ReconcilerListener listener,
      Workers workers,
      SignatureCheck check) {
    this.ledger = ledger;
    this.random = random;
    this.config = config;
    this.listener = listener;
    this.codec = new SyncCodec(ledger.meshId());
    this.mail = new Mail(codec, outbox);
    this.ownHeads = new OwnHeads(ledger, config);
    this.nonce = random.nextLong() | 1;
    this.lags = new Lags(ledger);
    this.arrears = new Arrears(ledger, workers, check);
    this.serving = new Serving(ledger, mail, config);
    this.pushes = new Pushes(ledger, mail, random, config, peers);
    this.accusations = new Accusations(ledger, mail, random, config.pushPeers(), peers, listener);
    this.pulls = new Pulls(ledger, mail, config, lags, accusations, peers, new Reentry(ledger));
    this.withholding = new Withholding(ledger, mail, random, config, lags, pulls, peers);
    this.deliveries =
        new Deliveries(
            ledger,
            new Intake(ledger, workers, config.runRecords()),
            attention,
            lags,
            arrears,
            pushes,
            accusations,
            pulls,
            peers,
            listener);
    this.strangers = new PeerView(ledger.self(), config.limits());
    ledger.onRetraction(() -> peers.values().forEach(PeerView::goneBack));
  }

  /// As the other, for nodes in earnest.
  public Reconciler(
      Ledger ledger,
      Outbox outbox,
      RandomGenerator random,
      ReconcilerConfig config,
      ReconcilerListener listener,
      Workers workers) {
    this(ledger, outbox, random, config, listener, workers, SignatureCheck.ED25519);
  }

  /// As the others, verifying on its own thread.
  public Reconciler(
      Ledger ledger,
      Outbox outbox,
      RandomGenerator random,
      ReconcilerConfig config,
      ReconcilerListener listener) {
    this(ledger, outbox, random, config, listener, Workers.NONE);
  }

  /// As the others, with nobody listening.
  public Reconciler(Ledger ledger, Outbox outbox, RandomGenerator random, ReconcilerConfig config) {
    this(ledger, outbox, random, config, ReconcilerListener.NONE);
  }

  /// The peers that are alive now; this node itself is left out.
  public void peers(Collection<NodeId> live) {
    Set<NodeId> now = new TreeSet<>(live);
    now.remove(ledger.self());
    if (peers.keySet().retainAll(now)) {
      lags.clear();
    }
    pulls.retain(now);
    pushes.retain(now);
    withholding.retain(now);
    malformed.keySet().retainAll(now);
    for (NodeId id : now) {
      if (!peers.containsKey(id)) {
        PeerView peer = new PeerView(id, config.limits());
        peer.room(ledger.heads().size() + STRANGE_HEADS);
        peers.put(id, peer);
        mail.send(id, new SyncMessage.Ask(nonce));
      }
    }
  }

  /// Whether peers are asked for records that were held and are no longer readable; so at first.
  public void mends(boolean now) {
    pulls.mends(now);
  }

  /// Does what is due by the clock.
  public void tick(long nowNanos) {
    long heardNanos = attention.at(nowNanos);
    accusations.now(nowNanos);
    if (!ticked) {
      ticked = true;
      digestNanos = nowNanos;
    }
    if (nowNanos - digestNanos >= config.digestEvery().toNanos() && !peers.isEmpty()) {
      digestNanos = nowNanos;
      offered = ledger.verifiedHeads();
      offeredDigest = SyncCodec.tag(ledger.verifiedRoot());
      List<NodeId> live = List.copyOf(peers.keySet());
      mail.send(live.get(random.nextInt(live.size())), new SyncMessage.Digest(offeredDigest));
    }
    for (PeerView peer : peers.values()) {
      askAgain(peer, nowNanos);
      pulls.expire(peer, heardNanos);
      peer.room(ledger.heads().size() + STRANGE_HEADS);
    }
    pushes.announce();
    pulls.writeAgain(heardNanos);
    pullFromAll(nowNanos);
    withholding.tick(heardNanos);
    ownHeads.decide(peers.values(), heardNanos).ifPresent(listener::recovered);
  }

  private void pullFromAll(long nowNanos) {
    for (PeerView peer : peers.values()) {
      if (!peer.silenced(nowNanos)) {
        pulls.pull(peer, attention.at(nowNanos));
      }
    }
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
      mail.send(peer.id, new SyncMessage.Ask(nonce));
    }
  }

  /// Handles a message, whatever its bytes are.
  public void receive(NodeId from, byte[] message, long nowNanos) {
    long heardNanos = attention.at(nowNanos);
    accusations.now(nowNanos);
    Optional<PeerView> known = Optional.ofNullable(peers.get(from));
    PeerView payer = known.orElse(strangers);
    if (payer.silenced(nowNanos) || !payer.heard.take(message.length, nowNanos)) {
      unheard++;
      return;
    }
    SyncMessage decoded;
    try {
      decoded = codec.decode(message);
    } catch (CborException e) {
      long count = known.isPresent() ? malformed.merge(from, 1L, Long::sum) : 1;
      listener.malformed(from, String.valueOf(e.getMessage()), count);
      deliveries.garbage(payer, from, nowNanos);
      return;
    }
    try {
      handle(from, decoded, nowNanos, heardNanos);
    } catch (UncheckedIOException e) {
      if (ledger.storageFailure().isEmpty()) {
        throw e;
      }
    }
  }

  private void handle(NodeId from, SyncMessage message, long nowNanos, long heardNanos) {
    Optional<PeerView> known = Optional.ofNullable(peers.get(from));
    PeerView payer = known.orElse(strangers);
    switch (message) {
      case SyncMessage.Digest(long digest) -> compare(from, payer, digest, nowNanos);
      case SyncMessage.Ask(long asked) -> {
        arrears.hurry(from);
        serving.tellAll(from, payer, asked, nowNanos);
      }
      case SyncMessage.Pull pull -> {
        arrears.busy(nowNanos);
        serving.serve(from, payer, pull, nowNanos);
      }
      case SyncMessage.Evidence(ForkProof proof) -> {
        if (accusations.receive(payer, proof) == Conviction.FALSE) {
          deliveries.garbage(payer, from, nowNanos);
        }
      }
      case SyncMessage.InSync(long digest) ->
          known.filter(_ -> digest == offeredDigest).ifPresent(peer -> peer.inSync(offered));
      case SyncMessage.Heads heads -> known.ifPresent(peer -> told(peer, heads, heardNanos));
      case SyncMessage.Records records ->
          known.ifPresent(peer -> deliveries.take(peer, records, nowNanos));
      case SyncMessage.Pruned part ->
          known.ifPresent(peer -> deliveries.take(peer, part, nowNanos));
      case SyncMessage.Heard(List<Entry> entries) ->
          known.ifPresent(peer -> withholding.heard(from, entries, heardNanos));
    }
  }

  private void compare(NodeId from, PeerView payer, long digest, long nowNanos) {
    if (digest == SyncCodec.tag(ledger.verifiedRoot())) {
      payer.inSync(ledger.verifiedHeads());
      serving.inSync(from, payer, digest, nowNanos);
    } else {
      serving.tellAll(from, payer, 0, nowNanos);
    }
  }

  private void told(PeerView peer, SyncMessage.Heads message, long heardNanos) {
    boolean all = peer.told(message);
    boolean answer = message.nonce() == nonce;
    List<Entry> differing = new ArrayList<>();
    Set<FeedId> named = new HashSet<>();
    for (Entry entry : message.entries()) {
      FeedId feed = entry.feed();
      named.add(feed);
      accusations.answer(peer, feed, entry.frozenAt());
      long cut = ledger.frozenAt(feed).orElse(Long.MAX_VALUE);
      if (entry.frozen() && entry.frozenAt() < cut) {
        differing.add(serving.entry(feed)); // which asks for the proof
      }
      // Whoever answers a question has nothing under way to this node.
      long since = answer ? heardNanos - config.graftAfter().toNanos() : heardNanos;
      lags.told(feed, entry.head().seq(), since);
      suspect(peer, entry);
    }
    if (all) {
      if (answer) {
        peer.answered = true;
      }
      ledger.frozen().keySet().stream()
          .filter(feed -> !named.contains(feed) && !peer.heads().containsKey(feed))
          .forEach(feed -> accusations.answer(peer, feed, 0));
      serving.tellWhereBehind(peer, differing);
    } else if (!differing.isEmpty()) {
      mail.send(peer.id, new SyncMessage.Heads(0, 0, 0, differing));
    }
    pulls.pull(peer, heardNanos);
  }

  /// Notes a place where the peer's chain is not the one held.
  private void suspect(PeerView peer, Entry entry) {
    long seq = entry.head().seq();
    if (seq >= 1 && seq <= ledger.acceptedSeq(entry.feed())) {
      Optional<Hash> held =
          ledger
              .head(entry.feed())
              .filter(head -> head.seq() == seq)
              .map(Head::hash)
              .or(() -> ledger.hash(entry.feed(), seq));
      if (held.isPresent() && !held.get().equals(entry.head().hash())) {
        peer.searches.putIfAbsent(entry.feed(), new ForkSearch(seq));
      }
    }
  }

  /// Passes on what is new, tells the senders what is durable here, and asks for more. To be called
  /// with the result of every commit.
  public void committed(List<SignedRecord> records, long nowNanos) {
    accusations.now(nowNanos);
    pushes.committed(records);
    pullFromAll(nowNanos);
  }

  /// Whether records count whose own signatures are still to be verified.
  public boolean inArrears() {
    return arrears.open();
  }

  /// Verifies some of these signatures, some milliseconds' worth, unless something more urgent is
  /// under way. The owner commits after it: what follows a record that its author did not sign goes
  /// with it.
  ///
  /// @return whether there is more to be done now
  public boolean verify(long nowNanos) {
    boolean pulling = peers.values().stream().anyMatch(peer -> peer.pending().isPresent());
    if (!arrears.due(pulling, nowNanos)) {
      return false;
    }
    arrears.verify(nowNanos).ifPresent(wrong -> deliveries.wrong(wrong, nowNanos));
    if (!arrears.open()) {
      pushes.tellSenders();
    }
    return arrears.due(pulling, nowNanos);
  }

  /// How many live peers are known to have a record durably; so with no peer in view.
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

  /// Whether all live peers are known to have a record durably; so with no peer in view.
  public boolean everywhere(FeedId feed, long seq) {
    return replicas(feed, seq) == peers.size();
  }

  /// Feeds that peers say go on and that nobody delivers, in order.
  public List<Withheld> withheld(long nowNanos) {
    return withholding.now(attention.at(nowNanos));
  }

  /// Messages dropped because they were none, by peer in view.
  public Map<NodeId, Long> malformed() {
    return Collections.unmodifiableMap(malformed);
  }

  /// Messages not looked at because their sender had flooded or was silenced.
  public long unheard() {
    return unheard;
  }

  /// Questions not answered because whoever asked had asked for too much.
  public long throttled() {
    return serving.throttled();
  }
}
