package io.skein.ledger.log;

import io.skein.ledger.admission.Roster;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a ledger has taken in, and what follows from it at once: which feeds are admitted, who
/// belongs to the mesh, which feeds are forked and where they are cut.
///
/// Everything here is a function of the records in the store and the proofs of forks. While feeds
/// only grow it is kept up record by record. When a proof cuts off records that counted, the next
/// [#commit] builds all of it anew from the store ([#load]): what had been admitted by a record
/// that no longer counts falls dormant with it.
final class Holdings {
  /// What a commit brought.
  ///
  /// @param records that count from now on, in order of acceptance
  /// @param retracted whether records that counted before no longer do
  record Commit(List<SignedRecord> records, boolean retracted) {}

  private static final Set<Integer> MERELY_KEPT =
      Set.of(
          RecordType.PERFORMANCE,
          RecordType.SERVICE,
          RecordType.HEAL,
          RecordType.EFFECT,
          RecordType.RECEIPTS,
          RecordType.CHECKPOINT,
          RecordType.COSIGN,
          RecordType.SNAPSHOT);

  final Roster roster;
  final LedgerFeeds feeds;
  final Forks forks = new Forks();
  final Vouched vouched = new Vouched();
  private static final long ALL = Long.MAX_VALUE;
  private final Hash meshId;
  private final NodeId self;
  private final RecordStore store;
  private final Admission admission;
  private final Gate gate;
  private final Consumer<FeedId> onFeed;
  private final Consumer<ForkProof> onProof;
  private final TreeSet<FeedId> dormant = new TreeSet<>();
  private final List<SignedRecord> uncommitted = new ArrayList<>();

  /// Proofs found inside records, not looked at yet.
  private final Deque<ForkProof> found = new ArrayDeque<>();

  private boolean proven;
  private boolean retracting;

  /// Whether the last [#load] had to leave out what could not be read.
  private boolean leftOut;

  /// @param onFeed hears of every record's feed as it is taken in
  /// @param onProof hears of every proof that is news, when it is durable
  Holdings(
      Hash meshId,
      NodeId self,
      RecordStore store,
      HybridClock clock,
      Consumer<FeedId> onFeed,
      Consumer<ForkProof> onProof) {
    this.meshId = meshId;
    this.self = self;
    this.store = store;
    this.onFeed = onFeed;
    this.onProof = onProof;
    this.roster = new Roster(meshId);
    this.admission = new Admission(meshId);
    this.feeds = new LedgerFeeds(store);
    this.gate = new Gate(meshId, store, feeds, admission, forks, dormant, clock);
  }

  /// Takes in what the store holds, forgetting everything else.
  void load() {
    try {
      do {
        retracting = false;
        feeds.clear();
        admission.clear();
        roster.clear();
        dormant.clear();
        dormant.addAll(store.feeds());
        wake(this::hold);
        examineFound();
      } while (retracting);
    } catch (UncheckedIOException e) {
      retracting = true; // the commit that can read again begins anew
      throw e;
    }
    leftOut = !store.unreadable().isEmpty();
    uncommitted.clear();
    refresh();
  }

  /// Whether all can be read that the last [#load] left out.
  private boolean readableAgain() {
    return leftOut && store.unreadable().isEmpty();
  }

  /// Takes in the proofs that the store holds, to be followed by [#load].
  void loadProofs() {
    for (ForkProof proof : store.forks()) {
      if (isOfMesh(proof) && forks.lowers(proof) && proof.holds()) {
        forks.add(proof);
      }
    }
  }

  /// What should become of a record from elsewhere.
  Acceptance judge(SignedRecord record, Optional<PublicKey> signer) {
    return gate.judge(record, signer);
  }

  /// The key that a feed's records are signed with, if anything of the feed or its author is kept.
  Optional<PublicKey> keyOf(FeedId feed) {
    return feeds.feed(feed).map(held -> held.key).or(() -> admission.keyOf(feed.author()));
  }

  /// Takes in a record that has passed every check, and what waited behind it.
  void enter(SignedRecord record) {
    store.append(record);
    take(record, uncommitted::add);
    takeRejoined(record);
    wake(
        (_, _, waited) -> waited.get().ifPresent(dormantOne -> take(dormantOne, uncommitted::add)));
    examineFound();
  }

  /// As [#enter], on the word of a later record.
  void vouch(SignedRecord record, PublicKey key) {
    boolean begins = !vouched.holds(record.feed());
    vouched.took(record, key);
    enter(record);
    if (begins) {
      store.unverified(record.feed(), record.seq());
    }
  }

  /// Lets records go that should not have been taken in.
  private void withdraw() {
    if (!vouched.withdrawn().isEmpty()) {
      vouched.withdrawn().forEach(store::withdraw);
      List<FeedId> feeds = List.copyOf(vouched.withdrawn().keySet());
      vouched.gone();
      feeds.stream()
          .filter(feed -> !vouched.holds(feed))
          .forEach(feed -> store.unverified(feed, ALL));
      retracting = true;
      store.sync();
    }
  }

  /// Takes in what waited behind `record` in the store, if it has rejoined its feed.
  private void takeRejoined(SignedRecord record) {
    long last = Math.min(store.lastSeq(record.feed()), forks.cut(record.feed()) - 1);
    for (long seq = feeds.of(record).tipSeq() + 1; seq <= last; seq++) {
      store.record(record.feed(), seq).ifPresent(waited -> take(waited, uncommitted::add));
    }
  }

  private void take(SignedRecord record, Consumer<SignedRecord> sink) {
    feeds.of(record).accepted(record);
    switch (record.body()) {
      case Body.Genesis _ -> forks.genesis(record.feed());
      case ForkProof proof -> found.add(proof);
      case Body.Join _,
          Body.Invite _,
          Body.Epoch _,
          Body.Revoke _,
          Body.Performance _,
          Body.Service _,
          Body.Contract _,
          Body.Experiment _,
          Body.Heal _,
          Body.Effect _,
          Body.Rotate _,
          Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          Body.Snapshot _,
          Body.Reserved _ -> {}
    }
    onFeed.accept(record.feed());
    admission.note(record);
    roster.apply(record);
    sink.accept(record);
  }

  /// Takes in the stored feeds whose authors have become known.
  private void wake(Intake intake) {
    long version = -1;
    while (!dormant.isEmpty() && version != admission.version()) {
      version = admission.version();
      for (FeedId id : List.copyOf(dormant)) {
        if (store.record(id, 1).filter(first -> first.isOf(meshId) && keeps(first)).isPresent()) {
          dormant.remove(id);
          long last = Math.min(store.lastSeq(id), Math.max(1, forks.cut(id) - 1));
          store.visit(
              id,
              1,
              (outline, record) -> {
                if (outline.seq() <= last) {
                  intake.take(id, outline, record);
                }
                return outline.seq() < last;
              });
          feeds.feed(id).ifPresent(feed -> holdUnreadable(feed, last));
        }
      }
    }
  }

  /// What a cut took away after the last record that stayed counts. So does damage at the very end
  /// of a feed that appeared while the store was open: the store has the place taken until it is
  /// opened again, and so must the ledger, or it would take in the same record once more.
  private void holdUnreadable(LedgerFeed feed, long last) {
    if (feed.tipSeq() < last) {
      store
          .tree(feed.id)
          .filter(tree -> tree.size() >= last)
          .ifPresent(tree -> feeds.held(feed, last, tree.subtree(0, last - 1), feed.lastHlc()));
    }
  }

  /// Takes a feed that others have cut behind what is held of it; what stays of it counts with the
  /// next [#commit].
  ///
  /// @param hashes of the records after the last one held, up to the cut
  /// @param kept those of them that stay
  /// @param checkpoint the record behind the cut
  Acceptance adopt(FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    Optional<LedgerFeed> known = feeds.feed(cut.feed());
    long tip = known.map(LedgerFeed::tipSeq).orElse(0L);
    if (dormant.contains(cut.feed())
        || vouched.holds(cut.feed())
        || uncommitted.stream().anyMatch(record -> record.feed().equals(cut.feed()))) {
      return Acceptance.NotYet.unknown(cut.feed(), "there is something to be committed first");
    }
    Optional<StorageFailure> failure = store.failure();
    if (failure.isPresent()) {
      return Acceptance.NotYet.ofOwnDisk(cut.feed(), failure.get().reason());
    }
    List<SignedRecord> all = new ArrayList<>();
    for (long seq = store.next(cut.feed(), 1); seq <= tip; seq = store.next(cut.feed(), seq + 1)) {
      Optional<SignedRecord> record = store.record(cut.feed(), seq);
      if (record.isEmpty()) {
        return Acceptance.NotYet.ofOwnDisk(cut.feed(), "record " + seq + " is not readable");
      }
      if (RecordType.stays(record.get().body().type())) {
        all.add(record.get());
      }
    }
    all.addAll(kept);
    if (known.isEmpty()) {
      Acceptance first =
          all.isEmpty()
              ? new Acceptance.Refused(Refusal.WRONG_FIRST_RECORD, "a cut feed without its first")
              : gate.judge(all.getFirst(), Optional.empty());
      if (!(first instanceof Acceptance.Accepted)) {
        return first;
      }
    }
    if (forks.cut(cut.feed()) <= cut.size() + 1) {
      return new Acceptance.Refused(Refusal.FROZEN, "feed " + cut.feed() + " is frozen by a fork");
    }
    Optional<String> incomplete = CutFeed.incomplete(KeptRecords.of(all), checkpoint);
    if (incomplete.isPresent()) {
      return new Acceptance.Refused(Refusal.INCOMPLETE_CUT, incomplete.get());
    }
    if (!gate.plausible(checkpoint)
        || !all.stream().allMatch(record -> record.isOf(meshId))
        || !store.adopt(cut, hashes, all, checkpoint)) {
      return store
          .failure()
          .<Acceptance>map(refused -> Acceptance.NotYet.ofOwnDisk(cut.feed(), refused.reason()))
          .orElseGet(() ->
              new Acceptance.Refused(
                  Refusal.FALSE_CUT, "the hashes are not those that the author signed"));
    }
    kept.forEach(record -> take(record, uncommitted::add));
    LedgerFeed feed = feeds.feed(cut.feed()).orElseThrow();
    feed.skip(cut.size(), cut.hash());
    if (store.lastSeq(cut.feed()) == cut.size()) {
      store.append(checkpoint);
    }
    take(checkpoint, uncommitted::add);
    takeRejoined(checkpoint);
    wake(
        (_, _, waited) -> waited.get().ifPresent(dormantOne -> take(dormantOne, uncommitted::add)));
    examineFound();
    return new Acceptance.Accepted(checkpoint);
  }

  private interface Intake {
    void take(FeedId id, RecordOutline outline, Supplier<Optional<SignedRecord>> record);
  }

  /// Takes in and counts a durable record. Only records that the ledger itself learns something
  /// from are decoded.
  private void hold(FeedId id, RecordOutline outline, Supplier<Optional<SignedRecord>> record) {
    long seq = outline.seq();
    if (seq > 1 && MERELY_KEPT.contains(outline.type())) {
      Optional<LedgerFeed> feed = feeds.feed(id);
      if (feed.isPresent()) {
        feeds.held(feed.get(), seq, Hash.of(outline.hash()), outline.hlc());
        return;
      }
    }
    record.get().ifPresent(decoded -> take(decoded, feeds::count));
  }

  private boolean keeps(SignedRecord first) {
    boolean counts = forks.cut(first.feed()) > 1 || first.body() instanceof Body.Genesis;
    return counts && (first.author().equals(self) || admits(first));
  }

  /// Judges a proof from elsewhere. One that is news is durable when this returns.
  Conviction convict(ForkProof proof) {
    if (!isOfMesh(proof)) {
      return Conviction.FALSE;
    }
    if (!forks.lowers(proof)) {
      return Conviction.KNOWN;
    }
    if (!concerns(proof)) {
      return Conviction.STRANGER;
    }
    if (!proof.holds()) {
      return Conviction.FALSE;
    }
    store.keepFork(proof);
    forks.add(proof);
    proven = true;
    for (LedgerFeed feed : feeds.all()) {
      retracting |= feed.tipSeq() >= forks.cut(feed.id);
    }
    onProof.accept(proof);
    return Conviction.NEWS;
  }

  private boolean isOfMesh(ForkProof proof) {
    return proof.first().isOf(meshId) && proof.second().isOf(meshId);
  }

  /// Whether the feed is kept or could be.
  private boolean concerns(ForkProof proof) {
    return feeds.feed(proof.feed()).isPresent()
        || dormant.contains(proof.feed())
        || admission.knows(proof.feed().author())
        || (proof.seq() == 1 && (admits(proof.first()) || admits(proof.second())));
  }

  private boolean admits(SignedRecord first) {
    return admission.judge(first) instanceof Admission.Judgement.Keep;
  }

  private void examineFound() {
    while (!found.isEmpty()) {
      convict(found.removeFirst());
    }
  }

  /// How many records wait for the next commit; at least 1 if a proof does, a withdrawal, a
  /// retraction, or what can be read again.
  int uncommitted() {
    boolean other = proven || retracting || !vouched.withdrawn().isEmpty() || readableAgain();
    return Math.max(uncommitted.size(), other ? 1 : 0);
  }

  /// Makes durable what was taken in, with one sync, and counts it.
  Commit commit() {
    store.sync();
    List.copyOf(uncommitted).forEach(this::takeRejoined);
    withdraw();
    retracting |= readableAgain();
    if (retracting) {
      store.readThrough(); // before anything is forgotten
    }
    List<SignedRecord> committed = new ArrayList<>(uncommitted);
    uncommitted.clear();
    boolean retracted = retracting;
    if (retracted) {
      load();
      committed.removeIf(record -> !feeds.counts(record));
    } else {
      committed.forEach(feeds::count);
      refresh();
    }
    proven = false;
    return new Commit(List.copyOf(committed), retracted);
  }

  private void refresh() {
    feeds.refresh(forks.named(admission::knows));
  }

  /// Last accepted seq of a feed that counts or will, durable or not.
  long acceptedSeq(FeedId feed) {
    long tip = feeds.feed(feed).map(LedgerFeed::tipSeq).orElse(0L);
    return Math.min(tip, forks.cut(feed) - 1);
  }

  /// The hash of the record at [#acceptedSeq]; zero if there is none, or after a fork it is not at
  /// hand.
  Hash acceptedHash(FeedId feed) {
    return feeds
        .feed(feed)
        .filter(held -> held.tipSeq() == acceptedSeq(feed))
        .map(LedgerFeed::tipHash)
        .orElse(Hash.ZERO);
  }

  int dormant() {
    return dormant.size();
  }
}
