package io.skein.app.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.skein.proxy.trace.Span;
import java.util.List;
import java.util.Set;

/// A span with the names of OpenTelemetry's semantic conventions for HTTP (stable since 1.23): a
/// request is of kind server, a try of kind client. The proxy's own words begin with `skein.`.
final class ExportedSpan implements SpanData {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.skein");

  /// Others count as `_OTHER`, because clients choose them.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE");

  private final Span span;
  private final Resource resource;
  private final long offset;
  private final Attributes attributes;

  /// @param offset from the span's clock to nanoseconds since the epoch
  ExportedSpan(Span span, Resource resource, long offset) {
    this.span = span;
    this.resource = resource;
    this.offset = offset;
    this.attributes = attributes(span);
  }

  private static Attributes attributes(Span span) {
    AttributesBuilder all = Attributes.builder();
    Span.Asked asked = span.asked();
    put(all, "http.request.method", method(asked));
    if (!METHODS.contains(asked.method())) {
      put(all, "http.request.method_original", asked.method());
    }
    if (span.status() > 0) {
      put(all, "http.response.status_code", span.status());
    }
    put(all, "error.type", span.error());
    put(all, "skein.service", span.service());
    put(all, "skein.route", asked.rule());
    if (span.tried().isPresent()) {
      Span.Tried tried = span.tried().get();
      put(all, "skein.endpoint", tried.candidate());
      put(all, "server.address", tried.host());
      put(all, "url.full", asked.scheme() + "://" + asked.host() + asked.path());
      if (tried.port() > 0) {
        put(all, "server.port", tried.port());
      }
      if (tried.again() > 0) {
        put(all, "http.request.resend_count", tried.again());
      }
    } else {
      put(all, "url.scheme", asked.scheme());
      put(all, "url.path", asked.path());
      put(all, "client.address", asked.client());
      put(all, "user_agent.original", asked.userAgent());
      put(all, "network.protocol.version", asked.version());
      put(all, "skein.reason", span.reason());
      int bracket = asked.host().lastIndexOf(']');
      int colon = asked.host().indexOf(':', Math.max(0, bracket));
      put(all, "server.address", colon < 0 ? asked.host() : asked.host().substring(0, colon));
      if (colon >= 0 && asked.host().substring(colon + 1).matches("[0-9]{1,5}")) {
        put(all, "server.port", Long.parseLong(asked.host().substring(colon + 1)));
      }
    }
    return all.build();
  }

  private static String method(Span.Asked asked) {
    return METHODS.contains(asked.method()) ? asked.method() : "_OTHER";
  }

  private static void put(AttributesBuilder all, String name, String value) {
    if (!value.isEmpty()) {
      all.put(AttributeKey.stringKey(name), value);
    }
  }

  private static void put(AttributesBuilder all, String name, long value) {
    all.put(AttributeKey.longKey(name), value);
  }

  @Override
  public String getName() {
    return METHODS.contains(span.asked().method()) ? span.asked().method() : "HTTP";
  }

  @Override
  public SpanKind getKind() {
    return span.tried().isPresent() ? SpanKind.CLIENT : SpanKind.SERVER;
  }

  @Override
  public SpanContext getSpanContext() {
    return context(span.id());
  }

  @Override
  public SpanContext getParentSpanContext() {
    return span.parent() == 0 ? SpanContext.getInvalid() : context(span.parent());
  }

  private SpanContext context(long id) {
    return SpanContext.create(
        TraceId.fromLongs(span.traceHigh(), span.traceLow()),
        SpanId.fromLong(id),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  @Override
  public StatusData getStatus() {
    // A client's own mistake is no error of the server's.
    return span.error().isEmpty() ? StatusData.unset() : StatusData.error();
  }

  @Override
  public long getStartEpochNanos() {
    return span.beginNanos() + offset;
  }

  @Override
  public long getEndEpochNanos() {
    return span.endNanos() + offset;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  @SuppressWarnings({"deprecation", "UnnecessarilyFullyQualified"}) // the interface demands it
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create("io.skein", "");
  }

  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }
}
