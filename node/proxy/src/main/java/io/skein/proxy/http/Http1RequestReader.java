package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the heads of one HTTP/1 connection's requests.
///
/// Everything two HTTP parsers might read differently is refused here or by the codec below: both
/// lengths, several lengths, codings other than `chunked`, no or several hosts, odd characters (RFC
/// 9112 §11.2, request smuggling).
final class Http1RequestReader {
  private static final String SETTINGS = "http2-settings";

  private final Named named = new Named();
  private boolean offersHttp2;

  /// Whether the latest request offered to go on in HTTP/2, and may.
  boolean offersHttp2() {
    return offersHttp2;
  }

  /// Forgets the latest request.
  void clear() {
    named.clear();
    offersHttp2 = false;
  }

  /// @param facts cleared before
  /// @return why it is refused, if it is
  @Nullable Reason read(RequestFacts facts, HttpRequest head) {
    Throwable failure = head.decoderResult().cause();
    if (failure != null) {
      return reason(failure);
    }
    HttpVersion version = head.protocolVersion();
    boolean http11 = version.equals(HttpVersion.HTTP_1_1);
    if (!http11 && !version.equals(HttpVersion.HTTP_1_0)) {
      return Reason.VERSION_UNSUPPORTED;
    }
    facts.http10 = !http11;
    Reason refused = facts.method(head.method());
    if (refused == null) {
      refused = readFields(facts, head.headers());
    }
    return refused != null ? refused : readTarget(facts, head.uri());
  }

  private @Nullable Reason readFields(RequestFacts facts, HttpHeaders headers) {
    named.clear();
    offersHttp2 = false;
    boolean h2c = false;
    boolean settings = false;
    int hosts = 0;
    boolean upgrade = false;
    boolean websocket = false;
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = all.next();
      Field kind = Field.of(field.getKey());
      switch (kind) {
        case OTHER, TRAILER -> facts.fields.add(kind, field.getKey(), field.getValue());
        case LOAD_METRICS -> facts.fields.add(Field.OTHER, field.getKey(), field.getValue());
        case HOP_BY_HOP ->
            settings |= AsciiString.contentEqualsIgnoreCase(field.getKey(), SETTINGS);
        case PROXY_AUTHORIZATION -> {}
        case HOST -> {
          hosts++;
          facts.host = field.getValue().toString();
        }
        case CONNECTION -> named.read(field.getValue());
        case CONTENT_LENGTH -> {
          facts.framing = Framing.LENGTH;
          facts.length = field.getValue().toString();
        }
        case TRANSFER_ENCODING -> {
          if (facts.framing == Framing.CHUNKED
              || !"chunked".contentEquals(RequestFacts.lower(field.getValue()))) {
            return Reason.BAD_REQUEST;
          }
          facts.framing = Framing.CHUNKED;
        }
        case TE -> facts.takesTrailers |= RequestFacts.lower(field.getValue()).contains("trailers");
        case EXPECT -> {
          if (!facts.http10) {
            if (!facts.expects(field.getValue())) {
              return Reason.BAD_REQUEST;
            }
            facts.fields.add(kind, field.getKey(), field.getValue());
          }
        }
        case UPGRADE -> {
          String protocol = RequestFacts.lower(field.getValue());
          h2c |= protocol.equals("h2c");
          websocket |= protocol.equals("websocket");
          upgrade |= !protocol.equals("h2c") && !protocol.equals("websocket");
        }
        case VIA, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> {
          facts.forwarded = true;
          facts.fields.add(kind, field.getKey(), field.getValue());
        }
        case SKEIN -> facts.own(field.getKey(), field.getValue());
        case DRAFT_76, DISGUISED -> {
          return Reason.BAD_REQUEST;
        }
      }
    }
    named.removeFrom(facts.fields);
    offersHttp2 = h2c && !upgrade && !websocket && settings && !facts.http10 && named.upgrade();
    boolean http11 = !facts.http10;
    facts.keepAlive = http11 ? !named.close() : named.keepAlive() && !named.close();
    facts.expectsContinue &= http11 && facts.framing != Framing.NONE;
    if (hosts > 1 || (http11 && hosts == 0) || (hosts == 1 && !RequestFacts.isHost(facts.host))) {
      return Reason.BAD_HOST;
    }
    if (!named.upgrade() || !(upgrade || websocket)) {
      return null;
    }
    facts.websocket =
        websocket
            && !upgrade
            && http11
            && facts.method.equals(HttpMethod.GET)
            && facts.framing == Framing.NONE;
    return facts.websocket ? null : Reason.UPGRADE_UNSUPPORTED;
  }

  private @Nullable Reason readTarget(RequestFacts facts, String uri) {
    if (!RequestFacts.isTarget(uri)) {
      return Reason.BAD_REQUEST;
    }
    if (uri.startsWith("/")) {
      facts.target = uri;
      return null;
    }
    boolean options = facts.method.equals(HttpMethod.OPTIONS);
    if (uri.equals("*")) {
      facts.target = uri;
      return options ? null : Reason.BAD_REQUEST;
    }
    int start =
        uri.regionMatches(true, 0, "http://", 0, 7)
            ? 7
            : uri.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    if (start < 0) {
      return Reason.BAD_REQUEST;
    }
    int end = start;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    facts.host = uri.substring(start, end);
    if (!RequestFacts.isHost(facts.host)) {
      return Reason.BAD_HOST;
    }
    String rest = uri.substring(end);
    facts.target =
        rest.isEmpty() ? (options ? "*" : "/") : rest.startsWith("?") ? "/" + rest : rest;
    return null;
  }

  private static Reason reason(Throwable failure) {
    return switch (failure) {
      case TooLongHttpLineException _ -> Reason.URI_TOO_LONG;
      case TooLongHttpHeaderException _ -> Reason.HEADERS_TOO_LARGE;
      default -> Reason.BAD_REQUEST;
    };
  }
}
