package io.skein.api;

import static io.skein.api.FakeFigures.NODES;
import static io.skein.api.FakeFigures.START_SECOND;

import io.skein.api.LedgerQuery.Order;
import io.skein.api.view.DigestView;
import io.skein.api.view.FeedPageView;
import io.skein.api.view.HeadView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.Ladder;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.LedgerView;
import io.skein.api.view.RecordView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The ledger of a [FakeMesh]: three feeds that grow by the clock. Its cursors are places in the
/// row of all records by time.
final class FakeLedger {
  private final LongSupplier clockMillis;
  private List<RecordView> row = List.of();
  private long rowSecond = -1;
  final List<LedgerQuery> asked = Collections.synchronizedList(new ArrayList<>());
  volatile Optional<LedgerAnswer.Refused<LedgerPageView>> refusal = Optional.empty();

  FakeLedger(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  static long records(long second) {
    return 3 + Math.max(0, second - START_SECOND + 200) / 2 * 3;
  }

  LedgerView summary() {
    long count = row().size();
    return new LedgerView(
        count,
        count * 241,
        3,
        0,
        3,
        Optional.of(Instant.ofEpochSecond(START_SECOND - 198)),
        Optional.of(Instant.ofEpochSecond(second())),
        headsRoot(0),
        List.of(
            new LedgerView.Withheld("aaaaaaaaaaaaaaaaaaaaaaaaaa", "one", "7", 200, 212, 1, 2, 34)),
        List.of(new LedgerView.Kind("performance", count, count * 241)),
        new LedgerView.Retention(
            "age-and-size",
            "old measurements go",
            86_400_000,
            1_240_000,
            1L << 30,
            2_048,
            512,
            List.of(new LedgerView.Cut("aaaaaaaaaaaaaaaaaaaaaaaaaa", "one", "7", 100, 200, "00ff")),
            Optional.of(Instant.EPOCH)));
  }

  private synchronized List<RecordView> row() {
    long now = second();
    if (rowSecond == now) {
      return row;
    }
    row = new ArrayList<>();
    for (String node : NODES) {
      for (long seq = 1; seq <= lastSeq(node, now); seq++) {
        row.add(record(node, seq));
      }
    }
    row.sort(
        Comparator.comparingLong(FakeLedger::arrival)
            .thenComparing(RecordView::at)
            .thenComparing(RecordView::author));
    rowSecond = now;
    return row;
  }

  /// A row that only grows at its end: eu-1 is two records ahead of the clock.
  private static long arrival(RecordView record) {
    return record.seq() - (record.name().equals("eu-1") ? 2 : 0);
  }

  LedgerAnswer<LedgerPageView> search(LedgerQuery query) {
    asked.add(query);
    Optional<LedgerAnswer.Refused<LedgerPageView>> now = refusal;
    if (now.isPresent()) {
      return now.get();
    }
    List<RecordView> row = row();
    boolean newest = query.order() == Order.NEWEST;
    int at = newest ? row.size() - 1 : 0;
    if (query.cursor().isPresent()) {
      String form = newest ? "c\\.n[0-9]+" : "c\\.o[0-9]+";
      if (!query.cursor().get().matches(form)) {
        return new LedgerAnswer.Refused<>(400, "invalid-parameter", "cursor: not one");
      }
      at = Integer.parseInt(query.cursor().get().substring(3));
    }
    List<RecordView> found = new ArrayList<>();
    long examined = 0;
    while (at >= 0 && at < row.size() && found.size() < query.limit()) {
      RecordView record = row.get(at);
      if (matches(query, record)) {
        found.add(record);
      }
      at += newest ? -1 : 1;
      examined++;
    }
    boolean more = at >= 0 && at < row.size() && query.limit() > 0;
    Optional<String> since =
        newest
            ? query.cursor().isEmpty() ? Optional.of("c.o" + row.size()) : Optional.empty()
            : Optional.of("c.o" + at);
    return new LedgerAnswer.Found<>(
        new LedgerPageView(
            found,
            more ? Optional.of((newest ? "c.n" : "c.o") + at) : Optional.empty(),
            since,
            examined,
            !more ? 0 : newest ? at + 1 : row.size() - at));
  }

  private static boolean matches(LedgerQuery query, RecordView record) {
    return query.author().filter(name -> !name.equals(record.name())).isEmpty()
        && (query.types().isEmpty() || query.types().contains(record.type()))
        && query.since().filter(record.at()::isBefore).isEmpty()
        && query.until().filter(until -> !record.at().isBefore(until)).isEmpty();
  }

  LedgerAnswer<DigestView> digest(DigestQuery query) {
    if (query.author().filter(name -> !NODES.contains(name)).isPresent()) {
      return new LedgerAnswer.Refused<>(404, "unknown-feed", "no feed of " + query.author().get());
    }
    return new LedgerAnswer.Found<>(
        new DigestView(
            headsRoot(0),
            query.since(),
            query.until(),
            records(second()),
            FakeFigures.hash("digest"),
            List.of(),
            List.of()));
  }

  String headsRoot(int behind) {
    return FakeFigures.hash("heads" + behind + second() / 2);
  }

  long lastSeq(String node) {
    return lastSeq(node, second());
  }

  private static long lastSeq(String node, long second) {
    return records(second) / 3 + (node.equals("eu-1") ? 2 : 0);
  }

  HeadsView heads() {
    return new HeadsView(
        NODES.stream()
            .map(node ->
                new HeadView(
                    FakeFigures.id(node),
                    node,
                    "4294967301",
                    lastSeq(node),
                    record(node, lastSeq(node)).hash(),
                    "live"))
            .toList(),
        headsRoot(0));
  }

  Optional<FeedPageView> feedPage(String author, long epoch, long from, int limit) {
    Optional<String> node =
        NODES.stream().filter(name -> FakeFigures.id(name).equals(author)).findFirst();
    return node.filter(_ -> epoch == 4_294_967_301L)
        .map(name -> {
          List<RecordView> records = new ArrayList<>();
          for (long seq = from; seq <= lastSeq(name) && records.size() < limit; seq++) {
            records.add(record(name, seq));
          }
          return new FeedPageView(records, lastSeq(name));
        });
  }

  RecordView record(String node, long seq) {
    Instant at = Instant.ofEpochSecond(START_SECOND - 200 + seq * 2);
    String type =
        seq == 1
            ? node.equals("eu-1") ? "genesis" : "join"
            : seq % 19 == 0 ? "heal" : seq < 6 ? "service" : "performance";
    JsonObject body =
        switch (type) {
          case "performance" ->
              new JsonObject()
                  .put("window", seq)
                  .put(
                      "endpoints",
                      new JsonArray()
                          .add(
                              new JsonObject()
                                  .put("endpoint", "orders/eu-1")
                                  .put("good", 44)
                                  .put("bad", 0)
                                  .put("p50Micros", 11_200)
                                  .put("p99Micros", 31_000)));
          case "heal" ->
              new JsonObject()
                  .put("action", "set-aside")
                  .put("subject", "orders/us-2")
                  .put("diagnosis", "failing");
          default -> new JsonObject().put("nodeName", node);
        };
    long age = second() - at.getEpochSecond();
    Ladder ladder = age < 2 ? Ladder.LOCAL : new Ladder("replicated", age < 4 ? 2 : 3, 0);
    return new RecordView(
        FakeFigures.hash(node + "#" + seq),
        FakeFigures.id(node),
        node,
        "4294967301",
        seq,
        seq == 1 ? "0".repeat(64) : FakeFigures.hash(node + "#" + (seq - 1)),
        Long.toUnsignedString(at.toEpochMilli() << 16),
        at,
        type,
        body,
        ladder.text(),
        ladder,
        FakeFigures.hash("s" + node + seq) + FakeFigures.hash("t" + node + seq),
        241);
  }

  Optional<RecordView> record(String hash) {
    return tail(300).stream().filter(record -> record.hash().equals(hash)).findFirst();
  }

  List<RecordView> tail(int limit) {
    List<RecordView> records = new ArrayList<>();
    for (long back = 0; records.size() < limit && back < lastSeq("us-1"); back++) {
      for (String node : NODES) {
        records.add(record(node, lastSeq(node) - back));
      }
    }
    records.sort((a, b) -> b.at().compareTo(a.at()));
    return records.subList(0, Math.min(limit, records.size()));
  }
}
