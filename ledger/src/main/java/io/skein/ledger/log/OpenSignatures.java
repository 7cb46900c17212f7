package io.skein.ledger.log;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The signatures that are yet to be verified: those of records that count on the
/// [word][Ledger#vouch] of a later one. Whoever verifies them takes [#some] and brings back the
/// [verdict][#verified].
///
/// Confined to the ledger's thread.
public final class OpenSignatures {
  private final RecordStore store;
  private final Vouched vouched;
  private final Consumer<Refusal> onRefusal;

  OpenSignatures(RecordStore store, Vouched vouched, Consumer<Refusal> onRefusal) {
    this.store = store;
    this.vouched = vouched;
    this.onRefusal = onRefusal;
  }

  /// How many there are.
  public long count() {
    long count = 0;
    for (FeedId feed : vouched.feeds()) {
      count += store.lastSeq(feed) - vouched.verified(feed).orElseThrow().seq();
    }
    return count;
  }

  /// At most so many of one feed. Without records if the next one is not readable; empty if there
  /// are none, or some of the records are to go with the next commit.
  public Optional<Unverified> some(int most) {
    Optional<FeedId> first = vouched.withdrawn().isEmpty() ? vouched.first() : Optional.empty();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    FeedId feed = first.get();
    long from = vouched.next(feed);
    boolean suspect = from > vouched.verified(feed).orElseThrow().seq() + 1;
    long last = Math.min(store.lastSeq(feed), suspect ? from : from + most - 1);
    List<byte[]> records = new ArrayList<>();
    for (long seq = from; seq <= last; seq++) {
      Optional<byte[]> record = store.encoded(feed, seq);
      if (record.isEmpty()) {
        break;
      }
      records.add(record.get());
    }
    return Optional.of(new Unverified(feed, from, vouched.keyOf(feed).orElseThrow(), records));
  }

  /// Has those of an author's feeds come first: it has to know what is held.
  public void hurry(NodeId author) {
    vouched.hurry(author);
  }

  /// Whether there are any of an author that was [hurried][#hurry].
  public boolean hurried() {
    return vouched.hurried();
  }

  /// Takes the verdict on [#some].
  ///
  /// @param right how many of them, from the first on, bear the signature they have to. If not all
  ///   do, the next [Ledger#commit] lets the first wrong one go with all that follows it in its
  ///   feed
  public void verified(Unverified records, int right) {
    if (right > 0
        && SignedRecord.decode(records.records().get(right - 1))
            instanceof Decoded.Valid(SignedRecord last)) {
      verified(records.fromSeq(), last);
    }
    if (right < records.records().size()) {
      onRefusal.accept(Refusal.BAD_SIGNATURE);
    }
    if (right < records.records().size() || right == 0) {
      vouched.withdraw(records.feed(), records.fromSeq() + right);
    }
  }

  private void verified(long fromSeq, SignedRecord record) {
    FeedId feed = record.feed();
    if (vouched.holds(feed)) {
      vouched.verified(fromSeq, record, store.lastSeq(feed));
      store.unverified(
          feed, vouched.verified(feed).map(head -> head.seq() + 1).orElse(Long.MAX_VALUE));
    }
  }
}
