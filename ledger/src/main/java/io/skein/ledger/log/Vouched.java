package io.skein.ledger.log;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The feeds whose last records are there on the word of a later one: a record's hash covers its
/// content and the hash before it, so the signature of a chain's last record is the author's word
/// for all that comes before. For their own signatures it is not.
///
/// Of each such feed, how far every record's own signature was verified; what lies behind is its
/// *tail*. A feed without a tail is not named here.
final class Vouched {
  private static final class Tail {
    final PublicKey key;
    Head verified;
    long suspect;
    boolean hurried;

    Tail(PublicKey key, Head verified) {
      this.key = key;
      this.verified = verified;
    }
  }

  private final TreeMap<FeedId, Tail> tails = new TreeMap<>();
  private final TreeMap<FeedId, Long> withdrawn = new TreeMap<>();

  /// A record was taken in on the word of a later one.
  void took(SignedRecord record, PublicKey key) {
    tails.computeIfAbsent(
        record.feed(), _ -> new Tail(key, new Head(record.seq() - 1, record.prev())));
  }

  boolean isEmpty() {
    return tails.isEmpty();
  }

  boolean holds(FeedId feed) {
    return tails.containsKey(feed);
  }

  /// The last record of a feed before its tail; empty if it has none.
  Optional<Head> verified(FeedId feed) {
    return Optional.ofNullable(tails.get(feed)).map(tail -> tail.verified);
  }

  Optional<PublicKey> keyOf(FeedId feed) {
    return Optional.ofNullable(tails.get(feed)).map(tail -> tail.key);
  }

  /// The feed to look at next: one with a suspect record, or else one that is urgent, or else the
  /// first in order.
  Optional<FeedId> first() {
    return first(tail -> tail.suspect > 0)
        .or(() -> first(tail -> tail.hurried))
        .or(() -> first(_ -> true));
  }

  private Optional<FeedId> first(Predicate<Tail> which) {
    return tails.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// The tails of an author's feeds are urgent.
  void hurry(NodeId author) {
    tails.forEach((feed, tail) -> tail.hurried |= feed.author().equals(author));
  }

  /// Whether any is.
  boolean hurried() {
    return first(tail -> tail.hurried).isPresent();
  }

  /// The record of a feed to look at next.
  long next(FeedId feed) {
    Tail tail = tails.get(feed);
    return tail == null ? 0 : tail.suspect > 0 ? tail.suspect : tail.verified.seq() + 1;
  }

  Iterable<FeedId> feeds() {
    return tails.keySet();
  }

  /// A record of the tail contradicts another one, which is signed: it is looked at first.
  void suspect(FeedId feed, long seq) {
    Tail tail = tails.get(feed);
    if (tail != null && (tail.suspect == 0 || seq < tail.suspect)) {
      tail.suspect = seq;
    }
  }

  /// All from a place up to a record are verified.
  ///
  /// @param last the feed's last record
  void verified(long fromSeq, SignedRecord record, long last) {
    Tail tail = tails.get(record.feed());
    if (tail == null) {
      return;
    }
    if (tail.suspect <= record.seq()) {
      tail.suspect = 0;
    }
    if (fromSeq <= tail.verified.seq() + 1 && record.seq() > tail.verified.seq()) {
      tail.verified = new Head(record.seq(), record.hash());
    }
    if (tail.verified.seq() >= last) {
      tails.remove(record.feed());
    }
  }

  /// A record's signature is wrong: it and what follows is to go.
  void withdraw(FeedId feed, long seq) {
    withdrawn.merge(feed, seq, Math::min);
  }

  /// What is to go, by feed the first seq of it.
  SortedMap<FeedId, Long> withdrawn() {
    return Collections.unmodifiableSortedMap(withdrawn);
  }

  /// It has gone.
  void gone() {
    withdrawn.forEach((feed, seq) -> {
      Tail tail = tails.get(feed);
      if (tail != null && tail.verified.seq() + 1 >= seq) {
        tails.remove(feed);
      } else if (tail != null && tail.suspect >= seq) {
        tail.suspect = 0;
      }
    });
    withdrawn.clear();
  }
}
