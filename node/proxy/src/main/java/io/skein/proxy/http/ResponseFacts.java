package io.skein.proxy.http;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the proxy needs to know of an answer. Reused from answer to answer of one connection.
final class ResponseFacts {
  private static final HttpResponse NOTHING =
      new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);

  private static final Set<String> UNSEEN =
      Stream.of(
              Reason.NO_SERVICE,
              Reason.NO_ENDPOINT,
              Reason.ALL_SET_ASIDE,
              Reason.ALL_TRIED,
              Reason.CONNECT_FAILED,
              Reason.UPSTREAM_FULL)
          .map(Reason::token)
          .collect(Collectors.toUnmodifiableSet());

  final Named named = new Named();
  HttpResponse response = NOTHING;
  int status;
  Framing framing = Framing.NONE;
  long length = -1;
  boolean keepAlive;

  /// The endpoint that a peer says served the request.
  String servedBy = "";

  /// Why a peer says it answered itself.
  String reason = "";

  void clear() {
    response = NOTHING;
    status = 0;
    servedBy = "";
    reason = "";
  }

  /// Whether a peer refused the request before any endpoint saw it.
  boolean refusedByPeer() {
    return UNSEEN.contains(reason);
  }

  /// Reads a head.
  ///
  /// @param toHead whether it answers a HEAD request
  /// @return whether it is well-formed
  boolean read(HttpResponse head, boolean toHead) {
    response = head;
    status = head.status().code();
    servedBy = "";
    reason = "";
    length = -1;
    named.clear();
    if (head.decoderResult().isFailure() || status < 100 || status > 999 || status == 101) {
      return false;
    }
    boolean http11 = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!http11 && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return false;
    }
    boolean chunked = false;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = head.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      switch (Field.of(field.getKey())) {
        case CONNECTION -> named.read(field.getValue());
        case CONTENT_LENGTH -> length = Long.parseLong(field.getValue().toString());
        case TRANSFER_ENCODING -> {
          if (chunked || !AsciiString.contentEqualsIgnoreCase(field.getValue(), "chunked")) {
            return false;
          }
          chunked = true;
        }
        case SKEIN -> {
          if (AsciiString.contentEqualsIgnoreCase(field.getKey(), "skein-endpoint")) {
            servedBy = field.getValue().toString();
          } else if (AsciiString.contentEqualsIgnoreCase(field.getKey(), "skein-reason")) {
            reason = field.getValue().toString();
          }
        }
        default -> {}
      }
    }
    keepAlive = http11 ? !named.close() : named.keepAlive() && !named.close();
    framing =
        toHead || status < 200 || status == 204 || status == 304
            ? Framing.NONE
            : chunked ? Framing.CHUNKED : length >= 0 ? Framing.LENGTH : Framing.UNTIL_CLOSE;
    return true;
  }
}
