package io.skein.proxy.http;

import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the proxy needs to know of an answer, whatever the version of HTTP that carried it:
/// [Http1ResponseReader] fills it in. Reused from answer to answer.
final class ResponseFacts {
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

  /// What may be passed on; framing, connection options and the proxy's own fields are not among
  /// it.
  final Fields fields = new Fields();

  int status;

  /// What the status means, if upstream said that.
  String phrase = "";

  /// How the body's end is known; `CHUNKED` if its length is not.
  Framing framing = Framing.NONE;

  /// Bytes of body; -1 if unknown. Answers to HEAD and 304 have a length, but no body.
  long length = -1;

  /// Content-Length as upstream sent it; empty if it did not.
  String lengthText = "";

  /// Whether upstream's connection may serve another exchange.
  boolean keepAlive;

  /// The endpoint that a peer says served the request.
  String servedBy = "";

  /// Why a peer says it answered itself.
  String reason = "";

  void clear() {
    fields.clear();
    status = 0;
    phrase = "";
    framing = Framing.NONE;
    length = -1;
    lengthText = "";
    keepAlive = false;
    servedBy = "";
    reason = "";
    grpcStatus = -1;
  }

  /// Takes one of the proxy's own fields.
  void skein(CharSequence name, CharSequence value) {
    if (AsciiString.contentEqualsIgnoreCase(name, "skein-endpoint")) {
      servedBy = value.toString();
    } else if (AsciiString.contentEqualsIgnoreCase(name, "skein-reason")) {
      reason = value.toString();
    }
  }

  /// What a call of gRPC ended with, as far as that came; -1 if it did not.
  int grpcStatus = -1;

  /// What it means for rules made for HTTP: the status, or what a call of gRPC failed with.
  int meaning() {
    return grpcStatus > 0 ? Grpc.asHttp(grpcStatus) : status;
  }

  /// Whether the endpoint failed.
  boolean failed() {
    return status >= 500 || Grpc.failed(grpcStatus);
  }

  /// Whether a peer refused the request before any endpoint saw it.
  boolean refusedByPeer() {
    return UNSEEN.contains(reason);
  }
}
