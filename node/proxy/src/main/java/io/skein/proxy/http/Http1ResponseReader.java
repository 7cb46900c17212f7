package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/// Reads the heads of one HTTP/1 connection's answers.
final class Http1ResponseReader {
  private final Named named = new Named();

  /// Reads a head.
  ///
  /// @param toHead whether it answers a HEAD request
  /// @param mayUpgrade whether it may switch to WebSocket
  /// @return whether it is well-formed
  boolean read(ResponseFacts facts, HttpResponse head, boolean toHead, boolean mayUpgrade) {
    facts.clear();
    named.clear();
    int status = head.status().code();
    facts.status = status;
    facts.phrase = head.status().reasonPhrase();
    if (head.decoderResult().isFailure() || status < 100 || status > 999) {
      return false;
    }
    boolean http11 = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!http11 && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return false;
    }
    boolean upgraded = false;
    boolean chunked = false;
    Iterator<Map.Entry<CharSequence, CharSequence>> all = head.headers().iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = all.next();
      Field kind = Field.of(field.getKey());
      switch (kind) {
        case CONNECTION -> named.read(field.getValue());
        case CONTENT_LENGTH -> {
          facts.lengthText = field.getValue().toString();
          facts.length = Long.parseLong(facts.lengthText);
        }
        case TRANSFER_ENCODING -> {
          if (chunked || !AsciiString.contentEqualsIgnoreCase(field.getValue(), "chunked")) {
            return false;
          }
          chunked = true;
        }
        case SKEIN -> facts.skein(field.getKey(), field.getValue());
        case UPGRADE ->
            upgraded |= AsciiString.contentEqualsIgnoreCase(field.getValue(), "websocket");
        case TE, HOP_BY_HOP -> {}
        default -> facts.fields.add(kind, field.getKey(), field.getValue());
      }
    }
    named.removeFrom(facts.fields);
    facts.keepAlive = http11 ? !named.close() : named.keepAlive() && !named.close();
    facts.framing =
        toHead || status < 200 || status == 204 || status == 304
            ? Framing.NONE
            : chunked ? Framing.CHUNKED : facts.length >= 0 ? Framing.LENGTH : Framing.UNTIL_CLOSE;
    return status != 101 || (mayUpgrade && upgraded && named.upgrade());
  }
}
