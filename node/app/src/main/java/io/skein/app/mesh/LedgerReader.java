package io.skein.app.mesh;

import io.skein.api.DigestQuery;
import io.skein.api.LedgerAnswer;
import io.skein.api.LedgerAnswer.Found;
import io.skein.api.LedgerAnswer.Refused;
import io.skein.api.LedgerQuery;
import io.skein.api.LedgerQuery.Order;
import io.skein.api.view.DigestView;
import io.skein.api.view.FeedPageView;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.RecordView;
import io.skein.app.mesh.RecordColumns.Feed;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Reads the ledger for the API: searches, digests, pages of a feed. Each goes in turns on the mesh
/// thread, at most [#MAX_RUNNING] at a time. Any thread.
final class LedgerReader {
  static final int MAX_RUNNING = 32;

  private static final int PAGE_TURN = 64;

  private final MeshCore core;
  private final LedgerViews views;
  private final AtomicInteger running = new AtomicInteger();

  LedgerReader(MeshCore core, LedgerViews views) {
    this.core = core;
    this.views = views;
  }

  /// What is found, or why nothing is looked for.
  CompletionStage<LedgerAnswer<LedgerPageView>> search(LedgerQuery query) {
    return admitted(() ->
        core.beginning()
            .then(() -> begin(query))
            .thenCompose(begun ->
                switch (begun) {
                  case Found<LedgerSearch>(LedgerSearch search) ->
                      inTurns(search::turn, search::page);
                  case Refused<LedgerSearch>(int status, String code, String detail) ->
                      CompletableFuture.completedFuture(new Refused<>(status, code, detail));
                }));
  }

  CompletionStage<LedgerAnswer<DigestView>> digest(DigestQuery query) {
    return admitted(() ->
        core.beginning()
            .then(() -> begin(query))
            .thenCompose(begun ->
                switch (begun) {
                  case Found<LedgerDigest>(LedgerDigest digest) ->
                      inTurns(digest::turn, () -> new Found<>(digest.view()));
                  case Refused<LedgerDigest>(int status, String code, String detail) ->
                      CompletableFuture.completedFuture(new Refused<>(status, code, detail));
                }));
  }

  /// A stretch of a feed; empty if it is not held.
  CompletionStage<Optional<FeedPageView>> feedPage(
      String author, long epoch, long from, int limit) {
    FeedId feed;
    try {
      feed = new FeedId(NodeId.parse(author), epoch);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    List<RecordView> records = new ArrayList<>();
    long[] bytes = {0};
    long[] next = {from};
    return inTurns(
        () -> {
          List<SignedRecord> page =
              core.records()
                  .ledger()
                  .page(feed, next[0], Math.min(PAGE_TURN, limit - records.size()));
          for (SignedRecord record : page) {
            next[0] = record.seq() + 1;
            records.add(views.view(record));
            bytes[0] += record.encodedLength();
          }
          return page.size() < PAGE_TURN
              || records.size() >= limit
              || bytes[0] >= LedgerSearch.MAX_BYTES;
        },
        () ->
            core.records().ledger().head(feed).map(head -> new FeedPageView(records, head.seq())));
  }

  private <T> CompletionStage<LedgerAnswer<T>> admitted(
      Supplier<CompletionStage<LedgerAnswer<T>>> reading) {
    if (running.incrementAndGet() > MAX_RUNNING) {
      running.decrementAndGet();
      return CompletableFuture.completedFuture(
          new Refused<>(
              503, "unavailable", MAX_RUNNING + " readings of the ledger are going on; try again"));
    }
    return reading.get().whenComplete((_, _) -> running.decrementAndGet());
  }

  private <T> CompletionStage<T> inTurns(Callable<Boolean> turn, Callable<T> result) {
    return core.thread()
        .ask(() -> turn.call() ? Optional.of(result.call()) : Optional.<T>empty())
        .thenCompose(done ->
            done.isPresent()
                ? CompletableFuture.completedFuture(done.get())
                : inTurns(turn, result));
  }

  private LedgerAnswer<LedgerSearch> begin(LedgerQuery query) {
    byte[] mesh = core.records().ledger().meshId().toBytes();
    Optional<LedgerCursor> cursor = query.cursor().flatMap(text -> LedgerCursor.parse(text, mesh));
    if (query.cursor().isPresent() && cursor.isEmpty()) {
      return invalid("cursor: not one of this mesh (expected: 'next' or 'since' of an answer)");
    }
    boolean newestFirst = query.order() == Order.NEWEST;
    if (cursor.filter(given -> given.newestFirst() != newestFirst).isPresent()) {
      return invalid("cursor: of a reading in the other order (expected: the same order)");
    }
    BitSet types = new BitSet();
    for (String name : query.types()) {
      int code = code(name);
      if (code < 1) {
        return invalid("type: " + name + " (expected: one of " + typeNames() + ")");
      }
      types.set(code);
    }
    Optional<List<Feed>> feeds = feeds(query.author());
    if (feeds.isEmpty()) {
      return new Refused<>(404, "unknown-feed", "no feed of " + query.author().orElse(""));
    }
    return new Found<>(
        new LedgerSearch(
            query,
            feeds.get(),
            types,
            query.subject().map(text -> new RecordSubjects(text, node(text))),
            cursor,
            mesh,
            new LedgerSearch.Source() {
              @Override
              public Optional<SignedRecord> record(Feed feed, long seq) {
                return at(feed, seq);
              }

              @Override
              public RecordView view(SignedRecord record) {
                return views.view(record);
              }
            }));
  }

  private LedgerAnswer<LedgerDigest> begin(DigestQuery query) {
    Optional<List<Feed>> feeds = feeds(query.author());
    if (feeds.isEmpty()) {
      return new Refused<>(404, "unknown-feed", "no feed of " + query.author().orElse(""));
    }
    try {
      return new Found<>(
          new LedgerDigest(
              query,
              feeds.get(),
              core.records().ledger().headsRoot().toString(),
              feed -> core.nameOf(feed.author()),
              this::hash));
    } catch (IllegalArgumentException e) {
      return new Refused<>(400, "too-many-feeds", String.valueOf(e.getMessage()));
    }
  }

  private Optional<Hash> hash(Feed feed, long seq) {
    return core.records().ledger().hash(feed.id(), seq);
  }

  private Optional<SignedRecord> at(Feed feed, long seq) {
    Ledger ledger = core.records().ledger();
    return ledger.page(feed.id(), seq, 1).stream()
        .filter(record -> record.seq() == seq)
        .findFirst();
  }

  private static <T> LedgerAnswer<T> invalid(String detail) {
    return new Refused<>(400, "invalid-parameter", detail);
  }

  /// All feeds, or the author's; empty if there are none of that author.
  private Optional<List<Feed>> feeds(Optional<String> author) {
    List<Feed> all = List.copyOf(core.derived().columns().feeds());
    if (author.isEmpty()) {
      return Optional.of(all);
    }
    List<Feed> own = all.stream().filter(feed -> isBy(feed, author.get())).toList();
    return own.isEmpty() ? Optional.empty() : Optional.of(own);
  }

  private boolean isBy(Feed feed, String author) {
    NodeId id = feed.id().author();
    return id.toString().equals(author) || core.nameOf(id).equals(author);
  }

  private Optional<NodeId> node(String text) {
    return core.names()
        .find(text)
        .or(() -> {
          try {
            return Optional.of(NodeId.parse(text));
          } catch (IllegalArgumentException e) {
            return Optional.empty();
          }
        });
  }

  private static int code(String name) {
    for (int code : RecordType.NAMED) {
      if (RecordType.nameOf(code).equals(name)) {
        return code;
      }
    }
    return name.matches("type-[1-9][0-9]{0,4}") ? Integer.parseInt(name.substring(5)) : 0;
  }

  private static String typeNames() {
    List<String> names = new ArrayList<>();
    for (int code : RecordType.NAMED) {
      names.add(RecordType.nameOf(code));
    }
    return String.join(", ", names);
  }
}
