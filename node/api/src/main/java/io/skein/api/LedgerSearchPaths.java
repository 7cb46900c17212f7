package io.skein.api;

import static io.skein.api.Answers.flat;

import io.skein.api.view.LedgerPageView;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Paths that read the ledger across feeds: what is kept, searches with cursors, digests, the tail.
final class LedgerSearchPaths {
  private static final int TAIL_LIMIT = 500;

  private final MeshView view;
  private final Answers answers;
  private final LedgerTails tails;

  LedgerSearchPaths(MeshView view, Answers answers, LedgerTails tails) {
    this.view = view;
    this.answers = answers;
    this.tails = tails;
  }

  void into(Paths paths) {
    paths
        .get("/v1/ledger", this::summary)
        .get("/v1/ledger/search", this::search, LedgerQueries.SEARCH)
        .get("/v1/ledger/digest", this::digest, LedgerQueries.DIGEST)
        .get("/v1/ledger/tail", this::tail, "author", "type", "subject", "since", "until", "limit");
  }

  private void summary(RoutingContext context) {
    answers.read(
        context,
        view.ledger().thenApply(Optional::of),
        Answers::flat,
        ProblemCode.INTERNAL.found(500, "no ledger"));
  }

  private void search(RoutingContext context) {
    LedgerQuery query = LedgerQueries.search(context, now());
    Answers.onContext(
        context, view.search(query), answer -> answers.readLarge(context, members(found(answer))));
  }

  private void digest(RoutingContext context) {
    DigestQuery query = LedgerQueries.digest(context, now());
    Answers.onContext(
        context, view.digest(query), answer -> answers.readLarge(context, flat(found(answer))));
  }

  /// The newest records; to whom asks for it as a stream of what comes.
  private void tail(RoutingContext context) {
    if (LedgerTails.wanted(context)) {
      tails.open(context, now());
      return;
    }
    int limit = (int) Parameters.number(context, "limit", 50, 1, TAIL_LIMIT);
    if (context.queryParams().size() == context.queryParams().getAll("limit").size()) {
      answers.readLarge(context, Answers.named("records", view.tail(limit)));
      return;
    }
    LedgerQuery query = LedgerQueries.newest(context, now(), limit);
    Answers.onContext(
        context, view.search(query), answer -> answers.readLarge(context, members(found(answer))));
  }

  private Instant now() {
    return view.stamp().asOf();
  }

  /// A page's members; cursors only where there are some.
  static Map<String, Object> members(LedgerPageView page) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("records", page.records());
    page.next().ifPresent(next -> members.put("next", next));
    page.since().ifPresent(since -> members.put("since", since));
    members.put("examined", page.examined());
    members.put("remaining", page.remaining());
    return members;
  }

  static <T> T found(LedgerAnswer<T> answer) {
    return switch (answer) {
      case LedgerAnswer.Found<T>(T value) -> value;
      case LedgerAnswer.Refused<T>(int status, String code, String detail) ->
          throw new Problem.Found(Problem.of(status, code, detail));
    };
  }
}
