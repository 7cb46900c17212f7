package io.skein.api;

import static io.skein.api.Answers.flat;

import io.skein.api.LedgerProofs.Inclusion;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;

/// Paths that prove: inclusion, consistency, and each feed as C2SP tlog-tiles serves a log. On the
/// server's event loop.
final class ProofPaths {
  /// What never changes may be kept for good.
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";

  /// A checkpoint is replaced every few seconds.
  private static final String BRIEFLY = "max-age=1";

  private static final Pattern ID = Pattern.compile("[a-z2-7]{26}");
  private static final Pattern LEVEL = Pattern.compile("[0-9]|[1-5][0-9]|6[0-3]");

  /// Bundles read and sent at a time: each may hold 16 MiB.
  private static final int MAX_BUNDLES = 8;

  private final MeshView view;
  private final Answers answers;
  private int bundles;

  ProofPaths(MeshView view, Answers answers) {
    this.view = view;
    this.answers = answers;
  }

  void into(Paths paths) {
    String feed = "/v1/feeds/:author/:epoch";
    paths
        .get("/v1/receipts/:id", this::receipt)
        .get("/v1/ledger/proofs/inclusion", this::inclusion, "hash")
        .get("/v1/ledger/proofs/consistency", this::consistency, "author", "epoch", "from", "to")
        .get(feed + "/checkpoint", this::checkpoint)
        .get(feed + "/tile/entries/*", this::entries)
        .get(feed + "/tile/:level/*", this::tile);
  }

  private void inclusion(RoutingContext context) {
    String hash = Parameters.requiredHash(context, "hash");
    Answers.onContext(
        context,
        view.proofs().inclusion(hash),
        found -> {
          switch (found) {
            case Inclusion.Proven(var proof) -> answers.read(context, flat(proof));
            case Inclusion.Uncovered() ->
                throw ProblemCode.NOT_COVERED.found(
                    404,
                    "record "
                        + hash
                        + " is held, but no checkpoint of its author covers it yet; one follows"
                        + " three windows after it, 30 s at most");
            case Inclusion.Unknown() ->
                throw ProblemCode.UNKNOWN_RECORD.found(404, "no record " + hash);
          }
        });
  }

  private void receipt(RoutingContext context) {
    String id = Parameters.path(context, "id");
    if (!ID.matcher(id).matches()) {
      throw Parameters.invalid("id", id, "26 characters of a-z and 2-7");
    }
    Answers.onContext(
        context,
        view.receipt(id),
        answer -> {
          switch (answer) {
            case ReceiptAnswer.Found(var receipt) -> answers.read(context, flat(receipt));
            case ReceiptAnswer.Unknown(var kept) ->
                throw ProblemCode.UNKNOWN_RECEIPT.found(404, "no receipt " + id + "; " + kept);
            case ReceiptAnswer.Busy() ->
                throw ProblemCode.UNAVAILABLE.found(503, "too many receipts are asked for at once");
          }
        });
  }

  private void consistency(RoutingContext context) {
    String author = author(Parameters.required(context, "author"));
    long epoch = Parameters.requiredUnsigned(context, "epoch");
    long to = Parameters.number(context, "to", 0, 1, Long.MAX_VALUE);
    long from = Parameters.number(context, "from", 0, 1, Long.MAX_VALUE);
    if (from < 1 || to < from) {
      throw Parameters.invalid(
          "from", Long.toString(from), "1 or more and not above to, both given");
    }
    answers.read(
        context,
        view.proofs().consistency(author, epoch, from, to),
        Answers::flat,
        ProblemCode.UNKNOWN_FEED.found(
            404,
            "no feed "
                + author
                + "/"
                + Long.toUnsignedString(epoch)
                + " of "
                + to
                + " records is held here"));
  }

  private void checkpoint(RoutingContext context) {
    String author = author(Parameters.path(context, "author"));
    long epoch = Parameters.unsigned(context, "epoch");
    Answers.onContext(
        context,
        view.proofs().checkpoint(author, epoch),
        note ->
            send(
                context,
                note,
                "text/plain; charset=utf-8",
                BRIEFLY,
                "no checkpoint of feed " + author + "/" + Long.toUnsignedString(epoch)));
  }

  private void tile(RoutingContext context) {
    String author = author(Parameters.path(context, "author"));
    long epoch = Parameters.unsigned(context, "epoch");
    String level = Parameters.path(context, "level");
    if (!LEVEL.matcher(level).matches()) {
      throw Parameters.invalid("level", level, "0 to 63");
    }
    Answers.onContext(
        context,
        view.proofs().tile(author, epoch, Integer.parseInt(level), rest(context, level)),
        tile -> send(context, tile));
  }

  private void entries(RoutingContext context) {
    if (bundles >= MAX_BUNDLES) {
      throw ProblemCode.UNAVAILABLE.found(503, "too many bundles of entries are read at once");
    }
    bundles++;
    context.addEndHandler(_ -> bundles--);
    String author = author(Parameters.path(context, "author"));
    long epoch = Parameters.unsigned(context, "epoch");
    Answers.onContext(
        context,
        view.proofs().entries(author, epoch, rest(context, "entries")),
        bundle -> send(context, bundle));
  }

  /// What stands in the path after `/tile/` and the level.
  private static String rest(RoutingContext context, String level) {
    String path = context.normalizedPath();
    String before = "/tile/" + level + "/";
    return path.substring(path.indexOf(before) + before.length());
  }

  private static void send(RoutingContext context, Optional<byte[]> tile) {
    send(
        context,
        tile,
        "application/octet-stream",
        FOR_GOOD,
        "no such tile: the feed is not held, not that long, or the path is not one of a tile");
  }

  private static void send(
      RoutingContext context, Optional<byte[]> content, String type, String keep, String missing) {
    byte[] bytes = content.orElseThrow(() -> ProblemCode.NO_TILE.found(404, missing));
    String tag = Answers.tag(bytes);
    context.response().putHeader("Cache-Control", keep).putHeader("ETag", tag);
    if (Answers.matches(context, tag)) {
      context.response().setStatusCode(304).end();
      return;
    }
    context.response().putHeader("Content-Type", type).end(Buffer.buffer(bytes));
  }

  /// The author's id, given by id or by name.
  private String author(String author) {
    if (ID.matcher(author).matches()) {
      return author;
    }
    return view.heads().heads().stream()
        .filter(head -> head.name().equals(author))
        .findFirst()
        .orElseThrow(() -> ProblemCode.UNKNOWN_FEED.found(404, "no feed of " + author))
        .author();
  }
}
