package io.skein.api;

import io.skein.api.LedgerQuery.Order;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads what is asked of the ledger from a request's query.
final class LedgerQueries {
  /// The filters that every reading takes.
  static final String[] FILTERS = {"author", "type", "subject", "since", "until"};

  /// The filters, and how to read page by page.
  static final String[] SEARCH = {
    "author", "type", "subject", "since", "until", "limit", "cursor", "order"
  };

  static final String[] DIGEST = {"author", "since", "until", "step"};

  /// How a cursor of the ledger begins, which no moment does.
  private static final String CURSOR = "c.";

  private static final String SINCE = Parameters.MOMENT + ", or 'since' of an earlier answer";
  private static final Pattern TYPE = Pattern.compile("[a-z0-9-]{1,20}");
  private static final int MAX_TYPES = 16;
  private static final int MAX_TEXT = 600;
  private static final int USUAL_LIMIT = 100;

  private LedgerQueries() {}

  /// A search. What is new since a cursor comes from old to new, else the newest comes first.
  static LedgerQuery search(RoutingContext context, Instant now) {
    Optional<String> since = cursor(context, "since");
    Optional<String> cursor = Parameters.query(context, "cursor");
    if (since.isPresent() && cursor.isPresent()) {
      throw Parameters.invalid(
          "cursor", "given", "only one of cursor and since, if since is a cursor");
    }
    Order usual = since.isPresent() ? Order.OLDEST : Order.NEWEST;
    Order order =
        Parameters.query(context, "order")
            .map(text ->
                switch (text) {
                  case "oldest" -> Order.OLDEST;
                  case "newest" -> Order.NEWEST;
                  default -> throw Parameters.invalid("order", text, "oldest or newest");
                })
            .orElse(usual);
    if (since.isPresent() && order == Order.NEWEST) {
      throw Parameters.invalid("order", "newest", "oldest, if since is a cursor");
    }
    int limit = (int) Parameters.number(context, "limit", USUAL_LIMIT, 1, LedgerQuery.MAX_LIMIT);
    return query(context, now, cursor.or(() -> since), order, limit);
  }

  /// The filters, as a search for the newest.
  static LedgerQuery newest(RoutingContext context, Instant now, int limit) {
    if (cursor(context, "since").isPresent()) {
      throw Parameters.invalid("since", "a cursor", Parameters.MOMENT);
    }
    return query(context, now, Optional.empty(), Order.NEWEST, limit);
  }

  /// The filters of a stream, which begins after the cursor, at a time, or now.
  static LedgerQuery stream(RoutingContext context, Instant now, int limit) {
    Optional<String> cursor =
        Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
            .filter(id -> !id.isBlank())
            .map(String::strip)
            .or(() -> cursor(context, "since"));
    return query(context, now, cursor, Order.OLDEST, limit);
  }

  private static LedgerQuery query(
      RoutingContext context, Instant now, Optional<String> cursor, Order order, int limit) {
    Optional<Instant> since =
        cursor(context, "since").isPresent()
            ? Optional.empty()
            : Parameters.query(context, "since")
                .map(text ->
                    Parameters.moment(text, now)
                        .orElseThrow(() -> Parameters.invalid("since", text, SINCE)));
    return new LedgerQuery(
        text(context, "author"),
        types(context),
        text(context, "subject"),
        since,
        Parameters.moment(context, "until", now),
        cursor,
        order,
        limit);
  }

  static DigestQuery digest(RoutingContext context, Instant now) {
    return new DigestQuery(
        text(context, "author"),
        Parameters.moment(context, "since", now),
        Parameters.moment(context, "until", now),
        Parameters.duration(context, "step", Duration.ofSeconds(1), Duration.ofDays(1)));
  }

  private static Optional<String> cursor(RoutingContext context, String name) {
    return Parameters.query(context, name).filter(text -> text.startsWith(CURSOR));
  }

  private static Optional<String> text(RoutingContext context, String name) {
    Optional<String> text = Parameters.query(context, name);
    if (text.filter(given -> given.isEmpty() || given.length() > MAX_TEXT).isPresent()) {
      throw Parameters.invalid(name, text.orElse("").length() + " characters", "1..600 characters");
    }
    return text;
  }

  /// Types, separated by commas or given several times.
  private static List<String> types(RoutingContext context) {
    List<String> types = new ArrayList<>();
    for (String list : context.queryParams().getAll("type")) {
      for (String type : list.split(",", -1)) {
        if (!TYPE.matcher(type).matches() || types.size() == MAX_TYPES) {
          throw Parameters.invalid("type", type, "at most 16 types such as performance,heal");
        }
        types.add(type);
      }
    }
    return types;
  }
}
