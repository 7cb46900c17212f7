package io.skein.proxy.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.skein.proxy.outcome.Reason;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the proxy needs to know of a request, read once from its head. Reused from request to
/// request of one connection.
///
/// Everything two HTTP parsers might read differently is refused here or by the codec below: both
/// lengths, several lengths, codings other than `chunked`, no or several hosts, odd characters (RFC
/// 9112 §11.2, request smuggling).
final class RequestFacts {
  private static final HttpRequest NOTHING =
      new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");

  final Named named = new Named();
  HttpRequest request = NOTHING;
  String target = "";
  String host = "";
  Framing framing = Framing.NONE;
  String length = "";
  boolean http11;
  boolean keepAlive;
  boolean head;
  boolean idempotent;
  boolean expectsContinue;
  boolean takesTrailers;

  /// Whether fields are there to which ours must be appended.
  boolean forwarded;

  String skeinService = "";

  void clear() {
    request = NOTHING;
    head = false;
    skeinService = "";
  }

  /// Reads a head.
  ///
  /// @return why it is refused, if it is
  @Nullable Reason read(HttpRequest head) {
    request = head;
    host = "";
    target = "";
    skeinService = "";
    framing = Framing.NONE;
    keepAlive = false;
    http11 = true;
    this.head = false;
    Throwable failure = head.decoderResult().cause();
    if (failure != null) {
      return reason(failure);
    }
    HttpVersion version = head.protocolVersion();
    http11 = version.equals(HttpVersion.HTTP_1_1);
    if (!http11 && !version.equals(HttpVersion.HTTP_1_0)) {
      http11 = true;
      return Reason.VERSION_UNSUPPORTED;
    }
    HttpMethod method = head.method();
    this.head = method.equals(HttpMethod.HEAD);
    idempotent = isIdempotent(method);
    if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
      return Reason.METHOD_REFUSED;
    }
    Reason refused = readFields(head.headers());
    return refused != null ? refused : readTarget(head.uri(), method);
  }

  private @Nullable Reason readFields(HttpHeaders headers) {
    named.clear();
    length = "";
    expectsContinue = false;
    takesTrailers = false;
    forwarded = false;
    int hosts = 0;
    boolean upgrade = false;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      switch (Field.of(field.getKey())) {
        case OTHER, TRAILER, HOP_BY_HOP, PROXY_AUTHORIZATION -> {}
        case HOST -> {
          hosts++;
          host = field.getValue().toString();
        }
        case CONNECTION -> named.read(field.getValue());
        case CONTENT_LENGTH -> {
          framing = Framing.LENGTH;
          length = field.getValue().toString();
        }
        case TRANSFER_ENCODING -> {
          if (framing == Framing.CHUNKED || !"chunked".contentEquals(lower(field.getValue()))) {
            return Reason.BAD_REQUEST;
          }
          framing = Framing.CHUNKED;
        }
        case TE -> takesTrailers |= lower(field.getValue()).contains("trailers");
        case EXPECT -> expectsContinue |= lower(field.getValue()).equals("100-continue");
        case UPGRADE -> upgrade |= !lower(field.getValue()).equals("h2c");
        case VIA, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST ->
            forwarded = true;
        case SKEIN -> {
          if (lower(field.getKey()).equals("skein-service")) {
            skeinService = field.getValue().toString();
          }
        }
        case DRAFT_76 -> {
          return Reason.BAD_REQUEST;
        }
      }
    }
    keepAlive = http11 ? !named.close() : named.keepAlive() && !named.close();
    expectsContinue &= http11 && framing != Framing.NONE;
    if (hosts > 1 || (http11 && hosts == 0) || (hosts == 1 && !isHost(host))) {
      return Reason.BAD_HOST;
    }
    return upgrade && named.upgrade() ? Reason.UPGRADE_UNSUPPORTED : null;
  }

  private @Nullable Reason readTarget(String uri, HttpMethod method) {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\') {
        return Reason.BAD_REQUEST;
      }
    }
    if (uri.startsWith("/")) {
      target = uri;
      return null;
    }
    boolean options = method.equals(HttpMethod.OPTIONS);
    if (uri.equals("*")) {
      target = uri;
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
    host = uri.substring(start, end);
    if (!isHost(host)) {
      return Reason.BAD_HOST;
    }
    String rest = uri.substring(end);
    target = rest.isEmpty() ? (options ? "*" : "/") : rest.startsWith("?") ? "/" + rest : rest;
    return null;
  }

  static Reason reason(Throwable failure) {
    return switch (failure) {
      case TooLongHttpLineException _ -> Reason.URI_TOO_LONG;
      case TooLongHttpHeaderException _ -> Reason.HEADERS_TOO_LARGE;
      default -> Reason.BAD_REQUEST;
    };
  }

  private static boolean isIdempotent(HttpMethod method) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.DELETE)
        || method.equals(HttpMethod.OPTIONS);
  }

  // RFC 3986 §3.2.2 without user information, percent-encoding and the delimiters that only
  // confuse.
  private static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter && c != '.' && c != '-' && c != '_' && c != ':' && c != '[' && c != ']') {
        return false;
      }
    }
    return !host.isEmpty();
  }

  private static String lower(CharSequence value) {
    return value.toString().strip().toLowerCase(java.util.Locale.ROOT);
  }
}
