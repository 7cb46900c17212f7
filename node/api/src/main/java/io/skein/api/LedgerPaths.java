package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.view.FeedPageView;
import io.skein.api.view.HeadView;
import io.skein.api.view.HeadsView;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Paths that show the ledger: heads, feeds page by page, records.
final class LedgerPaths {
  private final MeshView view;
  private final Answers answers;

  LedgerPaths(MeshView view, Answers answers) {
    this.view = view;
    this.answers = answers;
  }

  void into(Paths paths) {
    paths
        .get("/v1/ledger/heads", this::heads)
        .get("/v1/ledger/feeds/:author", this::feeds, "from", "limit", "cursor")
        .get("/v1/ledger/feeds/:author/:epoch", this::page, "from", "limit", "cursor")
        .get("/v1/ledger/feeds/:author/:epoch/:seq", this::record)
        .get("/v1/ledger/records/:hash", this::recordByHash);
  }

  private void heads(RoutingContext context) {
    Answers.onContext(context, view.newestHeads(), heads -> answers.read(context, flat(heads)));
  }

  /// All feeds of an author, and a page of the one it writes now.
  private void feeds(RoutingContext context) {
    Answers.onContext(
        context,
        view.newestHeads(),
        heads -> {
          List<HeadView> feeds = feedsOf(context, heads);
          HeadView newest =
              Collections.max(
                  feeds, Comparator.comparing(HeadView::epoch, LedgerPaths::compareEpochs));
          page(context, newest, named("feeds", feeds));
        });
  }

  private static int compareEpochs(String one, String other) {
    return Long.compareUnsigned(Long.parseUnsignedLong(one), Long.parseUnsignedLong(other));
  }

  /// The author's feeds; the author is given by id or by name.
  private static List<HeadView> feedsOf(RoutingContext context, HeadsView heads) {
    String author = Parameters.path(context, "author");
    List<HeadView> feeds =
        heads.heads().stream()
            .filter(head -> head.author().equals(author) || head.name().equals(author))
            .toList();
    if (feeds.isEmpty()) {
      throw ProblemCode.UNKNOWN_FEED.found(404, "no feed of " + author);
    }
    return feeds;
  }

  private static HeadView feed(RoutingContext context, HeadsView heads) {
    String epoch = Long.toUnsignedString(Parameters.unsigned(context, "epoch"));
    return MeshPaths.first(feedsOf(context, heads), feed -> feed.epoch().equals(epoch))
        .orElseThrow(() ->
            ProblemCode.UNKNOWN_FEED.found(
                404, "no feed of " + context.pathParam("author") + " in epoch " + epoch));
  }

  private void page(RoutingContext context) {
    Answers.onContext(
        context,
        view.newestHeads(),
        heads -> page(context, feed(context, heads), new LinkedHashMap<>()));
  }

  private void page(RoutingContext context, HeadView feed, Map<String, Object> members) {
    long from =
        Parameters.cursor(context)
            .orElseGet(() -> Parameters.number(context, "from", 1, 1, Long.MAX_VALUE));
    int limit = (int) Parameters.number(context, "limit", 100, 1, 1_000);
    answers.read(
        context,
        view.feedPage(feed.author(), Long.parseUnsignedLong(feed.epoch()), from, limit),
        page -> {
          members.putAll(page(feed, page));
          return members;
        },
        ProblemCode.UNKNOWN_FEED.found(404, "no feed " + feed.author() + "/" + feed.epoch()));
  }

  private static Map<String, Object> page(HeadView feed, FeedPageView page) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("author", feed.author());
    members.put("name", feed.name());
    members.put("epoch", feed.epoch());
    members.put("lastSeq", page.lastSeq());
    members.put("records", page.records());
    if (!page.records().isEmpty() && page.records().getLast().seq() < page.lastSeq()) {
      members.put("next", Parameters.cursor(page.records().getLast().seq() + 1));
    }
    return members;
  }

  private void record(RoutingContext context) {
    Answers.onContext(context, view.newestHeads(), heads -> record(context, feed(context, heads)));
  }

  private void record(RoutingContext context, HeadView feed) {
    long seq = Parameters.unsigned(context, "seq");
    Problem.Found missing =
        ProblemCode.UNKNOWN_RECORD.found(
            404, "feed of " + feed.name() + " ends at " + feed.seq() + ", there is no " + seq);
    if (seq < 1) {
      throw Parameters.invalid("seq", Long.toString(seq), ">= 1");
    }
    answers.read(
        context,
        view.feedPage(feed.author(), Long.parseUnsignedLong(feed.epoch()), seq, 1)
            .thenApply(page ->
                page.flatMap(found -> MeshPaths.first(found.records(), one -> one.seq() == seq))),
        Answers::flat,
        missing);
  }

  private void recordByHash(RoutingContext context) {
    String hash = Parameters.hash(context, "hash");
    answers.read(
        context,
        view.record(hash),
        Answers::flat,
        ProblemCode.UNKNOWN_RECORD.found(404, "no record " + hash));
  }
}
