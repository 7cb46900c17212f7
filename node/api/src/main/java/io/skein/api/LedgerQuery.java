package io.skein.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which records are wanted. Ledger time is what authors' hybrid clocks said, as far as a feed does
/// not run backwards: there a record counts as late as the one before it.
///
/// @param author a node's id or name; empty: all
/// @param types names of types, such as `performance`; none: all
/// @param subject what a record is about: an endpoint's id, a service, a node's id or name; empty:
///   anything
/// @param since ledger time of the oldest, included
/// @param until ledger time of the newest, not included
/// @param cursor where an earlier page ended
/// @param order from old to new, or from new to old
/// @param limit at most so many records, 0 to 1,000; 0: only the cursor
public record LedgerQuery(
    Optional<String> author,
    List<String> types,
    Optional<String> subject,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> cursor,
    Order order,
    int limit) {
  /// Most records of a page.
  public static final int MAX_LIMIT = 1_000;

  /// In which order records come.
  public enum Order {
    OLDEST,
    NEWEST
  }

  public LedgerQuery {
    types = List.copyOf(types);
    if (limit < 0 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 0.." + MAX_LIMIT + ")");
    }
  }

  /// The same filters, read from old to new from `cursor` on.
  LedgerQuery after(String cursor, int limit) {
    return new LedgerQuery(
        author, types, subject, since, until, Optional.of(cursor), Order.OLDEST, limit);
  }

  /// The same filters, no records: the cursor after everything there is now.
  LedgerQuery end() {
    return new LedgerQuery(author, types, subject, since, until, Optional.empty(), Order.NEWEST, 0);
  }
}
