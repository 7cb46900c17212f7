package io.skein.proxy.http;

import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.Target;
import io.skein.proxy.trace.Span;
import io.skein.proxy.trace.Tracer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request's part in a trace: a span for the request, and one for each try, whose id goes
/// upstream as the parent of what happens there. Without a tracer nothing is done, and
/// `traceparent` passes as it came. Reused from request to request; event loop only.
final class Tracing {
  private static final HexFormat HEX = HexFormat.of();
  private static final int SAMPLED = 1;

  private final Worker worker;
  private final Downstream client;
  private final RequestFacts request;
  private Tracer tracer = Tracer.OFF;
  private boolean told;
  private long traceHigh;
  private long traceLow;
  private long id;
  private long parent;

  Tracing(Worker worker, Downstream client, RequestFacts request) {
    this.worker = worker;
    this.client = client;
    this.request = request;
  }

  /// A head was read.
  void begin() {
    tracer = worker.plane.tracer;
    if (!tracer.enabled()) {
      return;
    }
    Fields fields = request.fields;
    String trace = TraceParent.traceId(fields);
    if (trace.isEmpty()) {
      fields.remove("traceparent");
      // State of a trace that nobody can tell (W3C Trace Context, §3.3.1).
      fields.remove("tracestate");
      traceHigh = someId();
      traceLow = someId();
      parent = 0;
      told = tracer.samples(traceLow);
    } else {
      CharSequence field = String.valueOf(fields.first("traceparent"));
      traceHigh = HexFormat.fromHexDigitsToLong(trace, 0, 16);
      traceLow = HexFormat.fromHexDigitsToLong(trace, 16, 32);
      parent = HexFormat.fromHexDigitsToLong(field, 36, 52);
      told = (HexFormat.fromHexDigits(field, 53, 55) & SAMPLED) != 0;
    }
    id = someId();
  }

  private long someId() {
    long some;
    do {
      some = worker.random.nextLong();
    } while (some == 0);
    return some;
  }

  /// The id of a try's span; 0 without a trace.
  long tryBegins() {
    return tracer.enabled() ? someId() : 0;
  }

  /// Says in the request that goes upstream whose part it is. A parent from elsewhere stays if
  /// nothing is told of here.
  void tell(long tryId) {
    if (!tracer.enabled() || (!told && parent != 0)) {
      return;
    }
    request.fields.set(
        "traceparent",
        "00-"
            + HEX.toHexDigits(traceHigh)
            + HEX.toHexDigits(traceLow)
            + '-'
            + HEX.toHexDigits(tryId)
            + (told ? "-01" : "-00"));
  }

  /// A try is over.
  void tried(Attempt attempt, long tryId, OutcomeKind kind, String service, @Nullable Rule rule) {
    if (!told) {
      return;
    }
    Target to = attempt.target();
    int status = attempt.said.status;
    String error =
        kind != OutcomeKind.OK && kind != OutcomeKind.SERVER_ERROR
            ? kind.name().toLowerCase(Locale.ROOT)
            : status >= 400 ? Integer.toString(status) : "";
    tracer.offer(
        new Span(
            traceHigh,
            traceLow,
            tryId,
            id,
            attempt.sentNanos(),
            System.nanoTime(),
            asked(rule),
            status,
            error,
            service,
            "",
            Optional.of(
                new Span.Tried(
                    attempt.candidate().id(),
                    to == null ? "" : to.host(),
                    to == null ? 0 : to.port(),
                    attempt.count() - 1))));
  }

  /// The request is over.
  void end(int status, Reason reason, long begunNanos, String service, @Nullable Rule rule) {
    if (told) {
      String error =
          status == 0 || reason == Reason.CLIENT_GONE
              ? reason.token()
              : status >= 500 ? Integer.toString(status) : "";
      tracer.offer(
          new Span(
              traceHigh,
              traceLow,
              id,
              parent,
              begunNanos,
              System.nanoTime(),
              asked(rule),
              status,
              error,
              service,
              reason.token(),
              Optional.empty()));
    }
    told = false;
    tracer = Tracer.OFF;
  }

  private Span.Asked asked(@Nullable Rule rule) {
    String target = request.asked.isEmpty() ? request.target : request.asked;
    int query = target.indexOf('?');
    CharSequence agent = request.fields.first("user-agent");
    Origin origin = client.origin();
    return new Span.Asked(
        request.method.name(),
        request.scheme,
        request.host,
        query < 0 ? target : target.substring(0, query),
        request.http10 ? "1.0" : origin.version(),
        origin.address(),
        agent == null ? "" : agent.toString(),
        rule == null ? "" : rule.name());
  }
}
