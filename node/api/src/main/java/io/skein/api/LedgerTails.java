package io.skein.api;

import io.skein.api.view.LedgerPageView;
import io.skein.api.view.Stamp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Streams of new records (WHATWG HTML §9.2). Each event `records` holds up to [#EVENT_RECORDS] of
/// them, in order of ledger time among those not sent yet; its id is the cursor after them, by
/// which a reader goes on, here or at another node (`Last-Event-ID`, or `since`). An event `start`
/// comes first, with the cursor from which the stream goes.
///
/// Nothing is queued for a reader: a stream reads its next page when the last one has left. A
/// reader for whom a full page leaves more than [#MOST_BEHIND] records to look at gets an event
/// `gap` with the cursor from which it can search for what it misses, and goes on with what is new.
/// One that takes nothing for [#PATIENCE_MILLIS] is closed.
///
/// Confined to the server's event loop.
final class LedgerTails {
  static final int EVENT_RECORDS = 100;
  static final int MOST_BEHIND = 10_000;
  static final long PATIENCE_MILLIS = 30_000;
  private static final int QUEUE_BYTES = 256 * 1024;

  private final Vertx vertx;
  private final MeshView view;
  private final ApiConfig config;
  private final OpenStreams<Tail> tails;

  LedgerTails(Vertx vertx, MeshView view, ApiConfig config) {
    this.vertx = vertx;
    this.view = view;
    this.config = config;
    this.tails = new OpenStreams<>(vertx, config, this::look);
  }

  /// Whether the request asks for a stream.
  static boolean wanted(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
  }

  /// Opens a stream; its filters and cursor are found good or refused before anything is sent.
  void open(RoutingContext context, Instant now) {
    Parameters.query(context, "limit")
        .ifPresent(limit -> {
          throw Parameters.invalid("limit", limit, "none on a stream");
        });
    LedgerQuery query = LedgerQueries.stream(context, now, EVENT_RECORDS);
    tails.admit(context);
    boolean resumes = query.cursor().isPresent() || query.since().isPresent();
    Tail tail = new Tail(context, query);
    tails.add(tail);
    context.addEndHandler(_ -> tails.drop(tail));
    context.response().exceptionHandler(_ -> tails.drop(tail));
    context.response().closeHandler(_ -> tails.drop(tail));
    Answers.onContext(
        context,
        view.search(resumes ? query : query.end()),
        answer -> tail.begin(LedgerSearchPaths.found(answer)));
    tails.watch();
  }

  private void look() {
    String root = view.heads().headsRoot();
    tails.all().forEach(tail -> tail.look(root));
  }

  /// Ends every stream.
  void close() {
    tails.close(Tail::end);
  }

  private final class Tail {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final LedgerQuery query;
    private String cursor = "";
    private String seenRoot = "";
    private boolean begun;
    private boolean busy = true;
    private long wroteAt = now();
    private long fullSince = -1;

    Tail(RoutingContext context, LedgerQuery query) {
      this.context = context;
      this.response = context.response();
      this.query = query;
    }

    void begin(LedgerPageView page) {
      if (!OpenStreams.begin(context, QUEUE_BYTES)) {
        return;
      }
      begun = true;
      // A reading from a moment on has no cursor before its first page.
      cursor =
          query
              .cursor()
              .or(() -> query.since().isPresent() ? Optional.empty() : page.since())
              .orElse("");
      write(frame("start", cursor, Answers.named("since", cursor)));
      deliver(page);
    }

    /// Sends a page, and reads on if there is more and room for it.
    private void deliver(LedgerPageView page) {
      String after = page.since().orElse(cursor);
      if (page.records().isEmpty()) {
        delivered(page, after);
        return;
      }
      Answers.onContext(
          context,
          Answers.onWorker(
              vertx, () -> frame("records", after, Answers.named("records", page.records()))),
          frame -> {
            write(frame);
            delivered(page, after);
          });
    }

    private void delivered(LedgerPageView page, String after) {
      cursor = after;
      busy = false;
      if (page.records().size() == EVENT_RECORDS && page.remaining() > MOST_BEHIND) {
        skip(page.remaining());
      } else if (page.next().isPresent()) {
        pull();
      }
    }

    private void pull() {
      if (response.writeQueueFull()) {
        response.drainHandler(_ -> pull());
      } else {
        search(query.after(cursor, EVENT_RECORDS), this::deliver);
      }
    }

    /// Leaves out what there is and goes on with what comes.
    private void skip(long records) {
      search(
          query.end(),
          end -> {
            Map<String, Object> missed = new LinkedHashMap<>();
            missed.put("since", cursor);
            missed.put("remaining", records);
            cursor = end.since().orElse(cursor);
            missed.put("until", cursor);
            write(frame("gap", cursor, missed));
            busy = false;
          });
    }

    private void search(LedgerQuery wanted, java.util.function.Consumer<LedgerPageView> next) {
      if (busy || !tails.contains(this)) {
        return;
      }
      busy = true;
      Answers.onContext(
          context,
          view.search(wanted),
          answer -> {
            switch (answer) {
              case LedgerAnswer.Found<LedgerPageView>(LedgerPageView page) -> next.accept(page);
              case LedgerAnswer.Refused<LedgerPageView> refused when refused.status() == 503 -> {
                busy = false;
                seenRoot = "";
              }
              // Whoever comes back is told why before a stream begins.
              case LedgerAnswer.Refused<LedgerPageView> _ -> end();
            }
          });
    }

    /// Looks for new records, keeps a silent stream open, closes one that is not read.
    void look(String root) {
      if (!begun) {
        return;
      }
      if (response.writeQueueFull()) {
        fullSince = fullSince < 0 ? now() : fullSince;
        if (now() - fullSince > PATIENCE_MILLIS) {
          response.reset();
          tails.drop(this);
        }
        return;
      }
      fullSince = -1;
      if (!busy && !root.equals(seenRoot)) {
        seenRoot = root;
        pull();
      } else if (now() - wroteAt >= config.heartbeat().toMillis()) {
        write(": still here\n\n");
      }
    }

    void end() {
      tails.drop(this);
      if (begun) {
        response.end();
      } else {
        response.reset();
      }
    }

    private String frame(String event, String id, Map<String, Object> data) {
      Stamp stamp = view.stamp();
      data.put("asSeenBy", stamp.asSeenBy());
      data.put("asOf", stamp.asOf());
      return (id.isEmpty() ? "" : "id: " + id + "\n")
          + "event: "
          + event
          + "\ndata: "
          + Rendering.json(data)
          + "\n\n";
    }

    private void write(String frame) {
      wroteAt = now();
      var unused = response.write(frame);
    }

    private static long now() {
      return System.nanoTime() / 1_000_000;
    }
  }
}
