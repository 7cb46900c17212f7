package io.skein.app.mesh;

import io.skein.api.LedgerAnswer;
import io.skein.api.LedgerQuery;
import io.skein.api.LedgerQuery.Order;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.RecordView;
import io.skein.app.mesh.RecordColumns.Feed;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.function.Function;

/// One reading of the ledger: goes through the feeds in order of ledger time, skips what the
/// columns already rule out, and reads the rest from disk.
///
/// It works in turns, so that the mesh thread does other work between them: a turn looks at no more
/// than [#TURN_STEPS] records and reads no more than [#TURN_READS]. After [#MAX_TURNS] the page
/// ends where it is; it also ends at [#MAX_BYTES] of records. On the mesh thread.
final class LedgerSearch {
  static final int TURN_STEPS = 8_000;
  static final int TURN_READS = 64;
  static final int MAX_TURNS = 64;
  static final int MAX_BYTES = 1 << 20;

  private final LedgerQuery query;
  private final BitSet types;
  private final Optional<RecordSubjects> subject;
  private final Source source;
  private final byte[] meshId;
  private final List<Place> places = new ArrayList<>();
  private final PriorityQueue<Place> queue;
  private final SortedMap<Long, Long> known;
  private final List<RecordView> found = new ArrayList<>();
  private final boolean newestFirst;
  private long examined;
  private long bytes;
  private int turns;

  /// Where records come from.
  interface Source {
    /// The record, unless it cannot be read any more.
    Optional<SignedRecord> record(Feed feed, long seq);

    /// The record for people.
    RecordView view(SignedRecord record);
  }

  /// A feed, and how far it has been read.
  private static final class Place {
    private final Feed feed;
    private long next;
    private long bound;

    Place(Feed feed, long next, long bound) {
      this.feed = feed;
      this.next = next;
      this.bound = bound;
    }

    long millis() {
      return feed.millis(next);
    }
  }

  /// @param feeds those it is about
  /// @param types codes of the wanted types; none: all
  /// @param cursor where it goes on; in the query's order
  LedgerSearch(
      LedgerQuery query,
      Collection<Feed> feeds,
      BitSet types,
      Optional<RecordSubjects> subject,
      Optional<LedgerCursor> cursor,
      byte[] meshId,
      Source source) {
    this.query = query;
    this.types = types;
    this.subject = subject;
    this.source = source;
    this.meshId = meshId.clone();
    this.newestFirst = query.order() == Order.NEWEST;
    this.known = LedgerCursor.unsigned();
    cursor.ifPresent(given -> known.putAll(given.places()));
    Comparator<Place> order = Comparator.comparingLong(Place::millis);
    order = order.thenComparing(place -> place.feed.id());
    this.queue = new PriorityQueue<>(newestFirst ? order.reversed() : order);
    for (Feed feed : feeds) {
      Place place = newestFirst ? fromTheEnd(feed, cursor.isPresent()) : fromTheBegin(feed);
      places.add(place);
      queue(place);
    }
  }

  private Place fromTheBegin(Feed feed) {
    long read = known.getOrDefault(feed.tag(), 0L);
    long next = Math.max(feed.first(), read + 1);
    next = Math.max(next, edge(feed, query.since(), feed.first()));
    return new Place(feed, feed.atOrAfter(next), edge(feed, query.until(), feed.last() + 1) - 1);
  }

  private Place fromTheEnd(Feed feed, boolean continued) {
    long next = edge(feed, query.until(), feed.last() + 1) - 1;
    if (continued) {
      next = Math.min(next, known.getOrDefault(feed.tag(), 0L));
    }
    return new Place(feed, feed.atOrBefore(next), edge(feed, query.since(), feed.first()));
  }

  private static long edge(Feed feed, Optional<Instant> moment, long otherwise) {
    return moment.map(at -> feed.from(at.toEpochMilli())).orElse(otherwise);
  }

  private boolean more(Place place) {
    return newestFirst ? place.next >= place.bound : place.next <= place.bound;
  }

  private void queue(Place place) {
    if (more(place)) {
      queue.add(place);
    }
  }

  /// Goes on for a turn.
  ///
  /// @return whether the page is done
  boolean turn() {
    int reads = 0;
    for (int steps = 0; steps < TURN_STEPS && reads < TURN_READS; steps++) {
      if (queue.isEmpty() || found.size() >= query.limit() || bytes >= MAX_BYTES) {
        return true;
      }
      Place place = queue.poll();
      if (types.isEmpty() || types.get(place.feed.type(place.next))) {
        reads++;
        source
            .record(place.feed, place.next)
            .filter(record -> subject.isEmpty() || subject.get().in(record))
            .ifPresent(this::take);
      }
      place.next =
          newestFirst
              ? place.feed.atOrBefore(place.next - 1)
              : place.feed.atOrAfter(place.next + 1);
      examined++;
      queue(place);
    }
    return ++turns >= MAX_TURNS;
  }

  private void take(SignedRecord record) {
    found.add(source.view(record));
    bytes += record.encodedLength();
  }

  /// The page as far as it has come; refused if a cursor cannot name all feeds.
  LedgerAnswer<LedgerPageView> page() {
    Optional<String> since = Optional.empty();
    Optional<String> next = Optional.empty();
    if (!newestFirst) {
      since = read(place -> place.next - 1).text(meshId);
      next = queue.isEmpty() ? Optional.empty() : since;
      if (since.isEmpty()) {
        return tooMany();
      }
    } else {
      if (query.cursor().isEmpty()) {
        // All there was when this began is seen, or will be on its further pages.
        since = read(place -> place.feed.last()).text(meshId);
        if (since.isEmpty()) {
          return tooMany();
        }
      }
      if (!queue.isEmpty()) {
        next = unread().text(meshId);
      }
    }
    long remaining = 0;
    for (Place place : queue) {
      remaining += Math.abs(place.bound - place.next) + 1;
    }
    return new LedgerAnswer.Found<>(new LedgerPageView(found, next, since, examined, remaining));
  }

  /// What was read, and what another node had read further or of feeds not held here.
  private LedgerCursor read(Function<Place, Long> last) {
    SortedMap<Long, Long> seqs = LedgerCursor.unsigned();
    if (!newestFirst) {
      seqs.putAll(known);
    }
    for (Place place : places) {
      long seq = last.apply(place);
      if (seq >= place.feed.first()) {
        seqs.merge(place.feed.tag(), seq, Math::max);
      }
    }
    return new LedgerCursor(false, seqs);
  }

  private LedgerCursor unread() {
    SortedMap<Long, Long> seqs = LedgerCursor.unsigned();
    for (Place place : queue) {
      seqs.put(place.feed.tag(), place.next);
    }
    return new LedgerCursor(true, seqs);
  }

  private LedgerAnswer<LedgerPageView> tooMany() {
    return new LedgerAnswer.Refused<>(
        400,
        "too-many-feeds",
        places.size() + " feeds are more than a cursor can name; ask author by author");
  }
}
