package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;

/// Where a node writes, and whether it may: a feed must never hold two records with one sequence
/// number.
///
/// A node that opens a ledger again cannot know by itself that it has its own last record: its disk
/// may have been restored. So after [Ledger#reopen] with known peers nothing is written until
/// [#recovered] tells what the peers say. Where doubt remains the node opens a new epoch: a new
/// feed, which begins with an epoch record. Doubt is: no answer; a store that is a copy; records of
/// the own feed that were damaged and did not come back; records of it that the store had not and
/// some peers have, while others could not be asked; a record of the own feed that somebody else
/// wrote; two epochs of its own that were written at the same time.
///
/// Confined to the ledger's thread.
public final class OwnFeed {
  private final RecordStore store;
  private final Holdings holdings;
  private final Writer writer;
  private Optional<FeedId> knownFeed = Optional.empty();
  private long knownSeq;
  private long cloneAlarms;
  private Optional<Recovery> heldBack = Optional.empty();

  OwnFeed(RecordStore store, Holdings holdings, Writer writer) {
    this.store = store;
    this.holdings = holdings;
    this.writer = writer;
  }

  /// Begins with the first record of a ledger that is new.
  void begin(SignedRecord first) {
    holdings.enter(first);
    writer.allow();
  }

  /// Begins with what the store holds; see [Ledger#reopen].
  void resume(HybridClock clock, boolean knowsPeers) {
    knownFeed = writer.current();
    knownSeq =
        knownFeed
            .map(own -> store.waiting(own) ? Long.MAX_VALUE : holdings.acceptedSeq(own))
            .orElse(0L);
    for (LedgerFeed feed : holdings.feeds.all()) {
      store.record(feed.id, feed.tipSeq()).ifPresent(tip -> clock.observe(tip.hlc()));
      if (feed.id.author().equals(self())) {
        store.record(feed.id, feed.tipSeq()).ifPresent(tip -> clock.advanceTo(tip.hlc()));
      }
    }
    if (store.copied()) {
      openEpoch();
    } else if (!knowsPeers) {
      recovered(Recovery.NO_PEERS);
    }
  }

  /// Ends the wait after [Ledger#reopen]: the node goes on with its feed, or opens a new epoch
  /// where the outcome or the store leave doubt. Does nothing when there is no wait.
  public void recovered(Recovery outcome) {
    if (writer.allowed()) {
      return;
    }
    if (store.failure().isPresent()) {
      heldBack = Optional.of(outcome); // a new epoch could not be written now
      return;
    }
    Optional<LedgerFeed> own = current();
    if (own.isEmpty()
        || holdings.forks.frozen(own.get().id)
        || outcome == Recovery.NO_ANSWER
        || outcome == Recovery.UNSURE
        || holdings.feeds.overlap(self())
        || doubtful(own.get(), outcome)) {
      openEpoch();
    } else {
      writer.allow();
    }
  }

  /// The store works again: what could not be decided meanwhile is.
  void settled() {
    heldBack.ifPresent(this::recovered);
    heldBack = Optional.empty();
    goOnElsewhere();
  }

  /// Whether peers have brought more of the feed than the store held when it was opened: then it is
  /// an old copy of itself.
  public boolean outdated() {
    return writer
        .current()
        .map(own -> !knownFeed.equals(Optional.of(own)) || holdings.acceptedSeq(own) > knownSeq)
        .orElse(false);
  }

  /// Whether the own feed once held records that the store lost. A torn tail was never pushed if
  /// the peers know nothing of it.
  private boolean doubtful(LedgerFeed own, Recovery outcome) {
    return store.waiting(own.id)
        || store.damages().stream()
            .filter(damage -> damage.feed().equals(own.id) && damage.seq() > own.tipSeq())
            .anyMatch(
                damage -> outcome != Recovery.ANSWERED || damage.kind() != Damage.Kind.TORN_TAIL);
  }

  private void openEpoch() {
    begin(writer.nextEpoch());
  }

  /// See [Ledger#writable].
  boolean writable() {
    return entitled() && current().isPresent();
  }

  /// Whether records of this node would count, wherever they are written.
  private boolean entitled() {
    return writer.allowed() && !holdings.forks.outlaw(self()) && !ended();
  }

  /// Whether the node waits for what peers know of its feed; see [#recovered].
  public boolean awaitsPeers() {
    return !writer.allowed();
  }

  /// Whether this node's identity was revoked or handed on: what it would write is ignored.
  private boolean ended() {
    return holdings.roster.snapshot().revocation(self()).isPresent()
        || holdings.roster.member(self()).map(member -> !member.active()).orElse(false);
  }

  /// Signs a record and takes it in; only while it is [#writable].
  SignedRecord write(Body body) {
    LedgerFeed own = current().orElseThrow();
    SignedRecord record = writer.next(own.id, own.tipSeq(), own.tipHash(), body);
    holdings.enter(record);
    return record;
  }

  /// Whether nobody but this process should write that feed now.
  boolean writes(FeedId feed) {
    return writer.allowed() && feed.equals(id());
  }

  /// Opens another epoch if the own feed was forked: somebody else holds this node's key.
  void goOnElsewhere() {
    // With each record that comes: what it seldom is comes first.
    if (writer.current().filter(holdings.forks::frozen).isPresent()
        && entitled()
        && store.failure().isEmpty()) {
      cloned();
    }
  }

  /// Somebody else holds this node's key and writes its feed; it cannot go on there.
  void cloned() {
    cloneAlarms++;
    openEpoch();
  }

  /// How often somebody else was seen writing with this node's key.
  public long cloneAlarms() {
    return cloneAlarms;
  }

  NodeId self() {
    return writer.self();
  }

  /// See [Ledger#ownFeed].
  FeedId id() {
    return writer
        .current()
        .orElseThrow(() -> new IllegalStateException("ledger: no own feed (expected: writable)"));
  }

  /// Whether this node is known to have written anything under its identity, be it lost since. Not
  /// so at the first start with the key that a rotation handed over to.
  public boolean known() {
    return writer.current().isPresent();
  }

  private Optional<LedgerFeed> current() {
    return writer.current().flatMap(holdings.feeds::feed);
  }
}
