package io.skein.ledger.log;

import io.skein.ledger.admission.Roster;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// One node's copy of its mesh's ledger: all feeds it knows, its own among them.
///
/// Records enter in two steps. [#append] (own) and [#accept] (others') check, chain and buffer
/// them; [#commit] makes all buffered records durable with one sync, and only then do they count:
/// in heads, pages, counts, and for listeners. A record may be acknowledged or pushed after the
/// commit that holds it, never before. The roster alone knows records as soon as they are accepted.
///
/// **Who may write.** A feed must never hold two records with one sequence number, and a node that
/// opens a ledger again cannot know by itself that it has its own last record. So after [#reopen]
/// with known peers it is not [writable][#writable] until they have told; see [OwnFeed].
///
/// **Forks.** Two different valid records of one place prove that their author forked its feed. The
/// proof is kept durably at once, freezes the feed, and cuts it: from the lowest place proven on
/// nothing counts any more, on whichever branch, though the store keeps it. Ledgers with the same
/// records and proofs have the same heads, whichever branch each took in first. If records that
/// counted are cut off, the commit that follows says so ([#onRetraction]).
///
/// Confined to one thread, which [#confineTo] can name. What the store throws passes through; where
/// something is offered or shown, what the disk does not give back is a reason to wait instead.
public final class Ledger {
  private final RecordStore store;
  private final Hash meshId;
  private final Holdings holdings;
  private final OwnFeed own;
  private final Reception reception;
  private final OpenSignatures openSignatures;
  private final Audience audience;
  private final List<Consumer<ForkProof>> proofListeners = new ArrayList<>();
  private volatile Optional<Thread> owner = Optional.empty();

  private Ledger(
      RecordStore store, Hash meshId, SigningKey key, HybridClock clock, RandomGenerator random) {
    this.store = store;
    this.meshId = meshId;
    Writer writer = new Writer(key, meshId, clock, random);
    this.holdings = new Holdings(meshId, key.nodeId(), store, clock, writer::note, this::proven);
    this.own = new OwnFeed(store, holdings, writer);
    this.reception = new Reception(store, holdings, own, clock);
    this.openSignatures = new OpenSignatures(store, holdings.vouched, reception::refused);
    this.audience = new Audience(holdings.feeds);
  }

  /// Says that from now on this thread alone calls the ledger. Where assertions are enabled, as in
  /// tests, a call by another fails.
  public void confineTo(Thread thread) {
    owner = Optional.of(thread);
  }

  private boolean mine() {
    return owner.map(thread -> thread == Thread.currentThread()).orElse(true);
  }

  private void proven(ForkProof proof) {
    proofListeners.forEach(listener -> listener.accept(proof));
  }

  /// Makes a new mesh: writes and commits its genesis.
  ///
  /// @param nonce 16 random bytes
  /// @param windowMillis length of a performance window
  /// @throws IllegalArgumentException if the store is not empty or a value is out of range
  public static Ledger found(
      RecordStore store,
      SigningKey key,
      String meshName,
      byte[] nonce,
      long windowMillis,
      String nodeName,
      HybridClock clock,
      RandomGenerator random) {
    Body.Genesis genesis =
        new Body.Genesis(meshName, nonce, windowMillis, key.publicKey(), nodeName);
    requireEmpty(store);
    Writer founder = new Writer(key, Hash.ZERO, clock, random);
    SignedRecord first = founder.first(genesis);
    return begin(store, first.hash(), key, clock, random, first);
  }

  /// Joins a mesh: writes and commits the node's join. Everything else comes from peers.
  ///
  /// @param meshId from the join token
  /// @param join with this key's public half and a proof for this mesh
  /// @throws IllegalArgumentException if the store is not empty or the join is not this key's
  public static Ledger join(
      RecordStore store,
      SigningKey key,
      Hash meshId,
      Body.Join join,
      HybridClock clock,
      RandomGenerator random) {
    requireEmpty(store);
    SignedRecord first = new Writer(key, meshId, clock, random).first(join);
    return begin(store, meshId, key, clock, random, first);
  }

  private static Ledger begin(
      RecordStore store,
      Hash meshId,
      SigningKey key,
      HybridClock clock,
      RandomGenerator random,
      SignedRecord first) {
    Ledger ledger = new Ledger(store, meshId, key, clock, random);
    ledger.own.begin(first);
    ledger.commit();
    return ledger;
  }

  /// Opens the ledger in a store that is not empty.
  ///
  /// @param knowsPeers whether the node has ever known a peer. If it has, it is not writable until
  ///   [OwnFeed#recovered]; if not, nobody can know more about its feed than it does.
  /// @throws IllegalArgumentException if the store is empty
  public static Ledger reopen(
      RecordStore store,
      SigningKey key,
      HybridClock clock,
      RandomGenerator random,
      boolean knowsPeers) {
    Hash meshId = meshId(store, key.nodeId());
    Ledger ledger = new Ledger(store, meshId, key, clock, random);
    ledger.holdings.loadProofs();
    ledger.holdings.load();
    ledger.own.resume(clock, knowsPeers);
    return ledger;
  }

  private static void requireEmpty(RecordStore store) {
    if (!store.feeds().isEmpty()) {
      throw new IllegalArgumentException(
          "store: holds " + store.feeds().size() + " feeds (expected: empty)");
    }
  }

  /// The mesh of the own feed, or else of any.
  private static Hash meshId(RecordStore store, NodeId self) {
    List<FeedId> candidates = new ArrayList<>(store.feeds());
    candidates.sort(java.util.Comparator.comparing(feed -> !feed.author().equals(self)));
    for (FeedId feed : candidates) {
      Optional<SignedRecord> first = store.record(feed, 1);
      if (first.isPresent()) {
        return first.get().body() instanceof Body.Genesis
            ? first.get().hash()
            : first.get().meshId();
      }
    }
    throw new IllegalArgumentException("store: holds no record (expected: at least one)");
  }

  /// Where this node writes, and whether it knows that it may.
  public OwnFeed own() {
    assert mine();
    return own;
  }

  /// Whether [#append] may be called: not while the node waits for its peers' word after a
  /// [#reopen]; not when damage has taken the first record of its own feed, until it was opened
  /// again and peers have sent that; and never again once its identity was revoked or handed on, or
  /// so many of its own feeds were forked that nothing it writes counts.
  public boolean writable() {
    assert mine();
    return own.writable();
  }

  /// Signs and buffers an own record; durable after the next [#commit].
  ///
  /// @throws IllegalStateException if the ledger is not [writable][#writable] or there is a
  ///   [#storageFailure]; see [#tryAppend]
  /// @throws IllegalArgumentException if the body makes no well-formed record
  public SignedRecord append(Body body) {
    return tryAppend(body)
        .orElseThrow(() ->
            new IllegalStateException(
                "ledger: "
                    + store
                        .failure()
                        .map(StorageFailure::reason)
                        .orElse("waits for peers or may not write")
                    + " (expected: writable)"));
  }

  /// As [#append]; empty while the ledger is not writable or there is a [#storageFailure]. Nothing
  /// is queued: what to do with a body that cannot be written yet depends on what it says.
  public Optional<SignedRecord> tryAppend(Body body) {
    assert mine();
    if (!writable() || store.failure().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(own.write(body));
  }

  /// Makes everything appended and accepted since the last commit durable, with one sync, and
  /// visible. Call it after every batch of work: at most a few milliseconds after the first append.
  ///
  /// @return the records that count from now on, own and others', in order of acceptance
  /// @throws java.io.UncheckedIOException if the store fails: nothing counts yet. Call it again to
  ///   try again
  public List<SignedRecord> commit() {
    assert mine();
    boolean readableAgain = readableAgain();
    if (holdings.uncommitted() == 0 && store.failure().isEmpty() && !readableAgain) {
      return List.of();
    }
    Holdings.Commit commit = holdings.commit();
    own.settled();
    audience.show(commit.records(), commit.retracted() || readableAgain);
    return commit.records();
  }

  /// Whether every listener has been shown all that [#headsRoot] names. Not so in the middle of a
  /// [#commit], nor after a replay that left out what the disk did not give back, until that has
  /// been [mended][#unreadable] and all is shown anew.
  public boolean shown() {
    return audience.complete();
  }

  /// Why the store takes nothing just now: it cannot make anything durable, or does not give back
  /// what only it has. Until a [#commit] succeeds nothing is appended or accepted, and what was
  /// stays buffered.
  public Optional<StorageFailure> storageFailure() {
    return store.failure();
  }

  /// How often a [#commit], or what makes something durable at once, has failed since the ledger
  /// was opened.
  public long storageFailures() {
    return store.failures();
  }

  /// How much waits for the next commit: records, the effect of a proof, or what can be read again.
  public int uncommitted() {
    boolean readable = readableAgain() && store.failure().isEmpty();
    return Math.max(holdings.uncommitted(), readable ? 1 : 0);
  }

  /// Whether all can be read that somebody was not shown.
  private boolean readableAgain() {
    return audience.missed() && store.unreadable().isEmpty();
  }

  /// Offers a record from elsewhere, whatever the bytes are. One that was accepted is durable after
  /// the next [#commit].
  public Acceptance accept(byte[] encoded) {
    return accept(SignedRecord.decode(encoded), Optional.empty());
  }

  /// As [#accept(byte[])], for bytes that were decoded already.
  ///
  /// @param signer as in [#accept(SignedRecord, Optional)]
  public Acceptance accept(Decoded decoded, Optional<PublicKey> signer) {
    assert mine();
    return reception.accept(decoded, signer);
  }

  /// As [#accept(byte[])], for a record that was decoded already.
  ///
  /// @param signer whose signature the record bears, if somebody has verified that already: it is
  ///   not verified again if the feed's key is this one
  public Acceptance accept(SignedRecord record, Optional<PublicKey> signer) {
    assert mine();
    return reception.accept(record, signer);
  }

  /// As [#accept(SignedRecord, Optional)], of a record whose own signature was not verified: it is
  /// in a chain of records that leads from the last one held to one that bears the signature of
  /// `signer`. So its content is the author's; it is durable with the next [#commit] and counts.
  /// Whether its own signature is right has to be found out soon ([#openSignatures]). Until then
  /// [#verifiedHead] lies before it, and the feed is not cut.
  public Acceptance vouch(SignedRecord record, PublicKey signer) {
    assert mine();
    return reception.vouch(record, signer);
  }

  /// Offers a proof of a fork from elsewhere. One that is [news][Conviction#NEWS] is durable and
  /// the feed frozen when this returns; what it cuts off stops counting with the next [#commit].
  public Conviction accept(ForkProof proof) {
    assert mine();
    return reception.accept(proof);
  }

  /// Shows `listener` every durable record, those there already first, feed by feed and every feed
  /// after those that its admission rests on; later ones as they are committed. After a retraction
  /// it is shown every record that still counts again.
  public void listen(Consumer<SignedRecord> listener) {
    assert mine();
    audience.join(listener);
  }

  /// Shows `listener` the records that are committed from now on. After a retraction it is shown
  /// none of those that still count: that is for [#replay()].
  public void follow(Consumer<SignedRecord> listener) {
    audience.follow(listener);
  }

  /// Shows all records in parts, for who must not be held up by many of them.
  public Replay replay() {
    assert mine();
    return audience.replay();
  }

  /// Shows `reader` every durable record that counts, once, in the order of [#listen].
  public void replay(Consumer<SignedRecord> reader) {
    assert mine();
    audience.replay(reader);
  }

  /// Runs `listener` in a [#commit] by which records shown before stopped counting, or after which
  /// records are there that a replay had to leave out: what was derived has to be forgotten. Right
  /// after it every listener of [#listen] is shown all records that count, those of the commit
  /// among them.
  public void onRetraction(Runnable listener) {
    audience.beforeAnew(listener);
  }

  /// Tells `listener` every proof of a fork that is news, as soon as it is durable. It must not
  /// call the ledger back but to read.
  public void onProof(Consumer<ForkProof> listener) {
    proofListeners.add(listener);
  }

  /// The last durable record of every feed. An immutable snapshot: any thread may keep it.
  public SortedMap<FeedId, Head> heads() {
    assert mine();
    return holdings.feeds.heads();
  }

  /// The last durable record of one feed.
  public Optional<Head> head(FeedId feed) {
    assert mine();
    return holdings.feeds.head(feed);
  }

  /// The root of [#heads] and [#frozen]; see [HeadVector].
  public Hash headsRoot() {
    return holdings.feeds.headsRoot();
  }

  /// The feeds with durable records, each after those that its admission rests on.
  public List<FeedId> feeds() {
    assert mine();
    return holdings.feeds.all().stream()
        .filter(feed -> feed.head().seq() > 0)
        .map(feed -> feed.id)
        .toList();
  }

  /// The key that a feed's records are signed with, if the feed or its author is kept.
  public Optional<PublicKey> keyOf(FeedId feed) {
    return holdings.keyOf(feed);
  }

  /// The signatures of records that count on the word of a later one ([#vouch]), not verified yet.
  public OpenSignatures openSignatures() {
    assert mine();
    return openSignatures;
  }

  /// The last durable record of a feed that counts and before which every record's own signature
  /// was verified: only up to there anything is shown to others as held.
  public Optional<Head> verifiedHead(FeedId feed) {
    Optional<Head> head = head(feed);
    Optional<Head> verified = holdings.vouched.verified(feed);
    return verified.filter(it -> head.isPresent() && it.seq() < head.get().seq()).or(() -> head);
  }

  /// [#heads], each as far as [verified][#verifiedHead].
  public SortedMap<FeedId, Head> verifiedHeads() {
    assert mine();
    if (holdings.vouched.isEmpty()) {
      return heads();
    }
    TreeMap<FeedId, Head> verified = new TreeMap<>(heads());
    verified.replaceAll((feed, _) -> verifiedHead(feed).orElseThrow());
    return Collections.unmodifiableSortedMap(verified);
  }

  /// The root of [#verifiedHeads] and [#frozen].
  public Hash verifiedRoot() {
    return holdings.vouched.isEmpty() ? headsRoot() : HeadVector.root(verifiedHeads(), frozen());
  }

  /// Last accepted seq of a feed, whether durable or not; 0 if nothing of it was accepted. What a
  /// fork cuts off is left out.
  public long acceptedSeq(FeedId feed) {
    return holdings.acceptedSeq(feed);
  }

  /// The hash of the record at [#acceptedSeq]; zero if there is none.
  public Hash acceptedHash(FeedId feed) {
    return holdings.acceptedHash(feed);
  }

  /// The durable record with that hash.
  public Optional<SignedRecord> record(Hash hash) {
    assert mine();
    return holdings.feeds.record(hash);
  }

  /// At most `limit` durable records of a feed from `fromSeq` on, in sequence.
  public List<SignedRecord> page(FeedId feed, long fromSeq, int limit) {
    assert mine();
    return holdings.feeds.page(feed, fromSeq, limit);
  }

  /// The hash of a durable record, also of one that a [cut][#cut] took away.
  public Optional<Hash> hash(FeedId feed, long seq) {
    return tree(feed)
        .filter(tree -> seq >= 1 && seq <= tree.size())
        .map(tree -> tree.subtree(0, seq - 1));
  }

  /// Where a feed is cut, if it is.
  public Optional<FeedCut> cut(FeedId feed) {
    return store.cut(feed);
  }

  /// The first record of a feed from `fromSeq` on that a cut left; it need not be there yet.
  public long nextHeld(FeedId feed, long fromSeq) {
    return store.next(feed, fromSeq);
  }

  /// Bytes that a feed's records take in the store.
  public long bytes(FeedId feed) {
    return store.bytes(feed);
  }

  /// Lets the first `size` records of a feed go, but for those that
  /// [stay][io.skein.ledger.record.RecordType#stays]; see [RecordStore#prune]. Heads, roots and
  /// proofs stay as they are.
  ///
  /// @return bytes freed; 0 if it cannot be cut there
  public long prune(FeedId feed, long size) {
    boolean counts = head(feed).filter(head -> head.seq() > size).isPresent();
    return counts && !frozen(feed) && !holdings.vouched.holds(feed) && uncommitted() == 0
        ? store.prune(feed, size)
        : 0;
  }

  /// Offers what is left of a feed that others have cut behind what is held here: see
  /// [RecordStore#adopt]. If it is taken the records are shown with the next [#commit]; if the disk
  /// refuses, not yet: there is a [#storageFailure] then.
  ///
  /// @param hashes of the records after [#acceptedSeq] up to the cut, 32 bytes each
  /// @param kept those of them that stay, in sequence
  /// @param checkpoint the author's record behind the cut
  public Acceptance adopt(
      FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    assert mine();
    return reception.adopt(cut, hashes, kept, checkpoint);
  }

  /// One durable record as it is encoded.
  public Optional<byte[]> encoded(FeedId feed, long seq) {
    return holdings.feeds.encoded(feed, seq);
  }

  /// Root of the RFC 9162 tree over a feed's durable records.
  public Optional<Hash> treeRoot(FeedId feed) {
    return tree(feed).flatMap(FeedTree::root);
  }

  /// The hashes of that tree; it grows with the feed's durable records. While the disk refuses to
  /// let records go that should not have been taken in, it ends before them, and the head does not.
  public Optional<TreeHashes> tree(FeedId feed) {
    return holdings
        .feeds
        .feed(feed)
        .flatMap(held ->
            store
                .tree(feed)
                .map(tree -> new CountedTree(tree, Math.min(held.head().seq(), tree.size()))));
  }

  /// Durable records in all feeds.
  public long recordCount() {
    assert mine();
    return holdings.feeds.recordCount();
  }

  /// Who belongs to the mesh.
  public Roster roster() {
    assert mine();
    return holdings.roster;
  }

  /// The mesh's id.
  public Hash meshId() {
    return meshId;
  }

  /// This node.
  public NodeId self() {
    return own.self();
  }

  /// The feed that own records go to. Before [OwnFeed#recovered] it may be one that is never
  /// written again.
  ///
  /// @throws IllegalStateException if the own feed was lost and there is no new one yet
  public FeedId ownFeed() {
    return own.id();
  }

  /// Whether a feed is frozen by a fork.
  public boolean frozen(FeedId feed) {
    return holdings.forks.frozen(feed);
  }

  /// The first seq of a feed that does not count because of a fork.
  public OptionalLong frozenAt(FeedId feed) {
    return holdings.forks.frozenAt(feed);
  }

  /// The frozen feeds that [#headsRoot] names, and where each is cut, as of the last commit.
  public SortedMap<FeedId, Long> frozen() {
    return holdings.feeds.frozen();
  }

  /// The proofs of forks, in order of feeds: the lowest of each feed.
  public List<ForkProof> proofs() {
    return holdings.forks.all();
  }

  /// The proofs against one author, in order of feeds; at most 16.
  public List<ForkProof> proofs(NodeId author) {
    return holdings.forks.of(author);
  }

  /// Feeds proven forked.
  public long forks() {
    return holdings.forks.size();
  }

  /// Authors with two live epochs: more than a minute after the first record of an epoch, by hybrid
  /// clock, the author wrote in an older one. Somebody copied its key, most likely without knowing.
  /// No accusation, but nobody can tell which of the two a request would reach.
  public SortedSet<NodeId> clones() {
    return holdings.feeds.clones();
  }

  /// Stored feeds that are left out because their authors' admission is not known (again) yet.
  public int dormantFeeds() {
    return holdings.dormant();
  }

  /// How often records were refused, by reason, since the ledger was opened.
  public Map<Refusal, Long> refusals() {
    return reception.refusals();
  }

  /// How often a record was offered that is held already, since the ledger was opened.
  public long duplicates() {
    return reception.duplicates();
  }

  /// Reads about so many bytes of what is stored again.
  ///
  /// @return whether all of it has been read once more
  public boolean scrub(int bytes) {
    assert mine();
    return store.scrub(bytes);
  }

  /// Durable records that were found unreadable, by feed. Each is mended when it is
  /// [offered][#accept] again, its head and hash unchanged.
  public SortedMap<FeedId, SortedSet<Long>> unreadable() {
    assert mine();
    return store.unreadable();
  }

  /// How many records were mended since the store was opened.
  public long mended() {
    return store.mended();
  }

  /// How many files that the disk did not give back were made anew from records since the store was
  /// opened.
  public long remade() {
    return store.remade();
  }
}
