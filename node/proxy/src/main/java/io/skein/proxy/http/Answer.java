package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.web.Web;
import io.skein.routing.candidate.Candidate;

/// The answer on its way from upstream to the client: interim answers (1xx), then one head, then
/// the body. Reused from request to request; event loop only.
///
/// Until the head went out, an answer can be forgotten and another be taken in its place.
final class Answer {
  private static final int MOST_INTERIM = 32;

  private final Downstream client;
  private final Exchange exchange;
  private final RequestFacts request;
  private int interims;
  private boolean interimPassed;
  private boolean continued;
  private boolean closes;

  Answer(Downstream client, Exchange exchange, RequestFacts request) {
    this.client = client;
    this.exchange = exchange;
    this.request = request;
  }

  void reset() {
    forget();
    interimPassed = false;
    continued = false;
    closes = false;
  }

  /// Makes room for another try's answer.
  void forget() {
    exchange.attempt.said.clear();
    interims = 0;
  }

  /// What upstream said.
  ResponseFacts facts() {
    return exchange.attempt.said;
  }

  /// Whether upstream said nothing yet.
  boolean silent() {
    return interims == 0 && facts().status == 0;
  }

  /// Whether the client has got a part of it that cannot be taken back.
  boolean interimPassed() {
    return interimPassed;
  }

  /// Whether the client still waits for leave to send its body.
  boolean awaitsContinue() {
    return request.expectsContinue && !continued;
  }

  /// Whether the client was told that its connection closes.
  boolean closes() {
    return closes;
  }

  /// Whether upstream's connection may serve again.
  boolean reusable() {
    ResponseFacts facts = facts();
    return facts.keepAlive && facts.framing != Framing.UNTIL_CLOSE;
  }

  /// A head was read into [#facts].
  void head(boolean wellFormed) {
    ResponseFacts facts = facts();
    if (!wellFormed || interims > MOST_INTERIM) {
      facts.status = 0;
      exchange.failed(OutcomeKind.RESET, Reason.UPSTREAM_MALFORMED);
    } else if (!request.webSocketKey.isEmpty()
        && (facts.status == 101 || (facts.status >= 200 && facts.status < 300))
        && !Http2WebSocket.isAccepted(request.webSocketKey, facts)) {
      // To the client any 2xx would mean that the endpoint speaks WebSocket.
      facts.status = 0;
      exchange.failed(OutcomeKind.RESET, Reason.UPSTREAM_MALFORMED);
    } else if (facts.status == 101) {
      exchange.upgrade(facts);
    } else if (facts.status < 200) {
      interim(facts);
    } else {
      if (request.grpc) {
        facts.grpcStatus = Grpc.status(facts.fields);
      }
      if (!exchange.repetition.insteadOfAnswer()) {
        pass(facts);
      }
    }
  }

  private void pass(ResponseFacts facts) {
    exchange.answering();
    if (request.grpc
        && !client.mesh()
        && !facts.reason.isEmpty()
        && exchange.attempt.candidate().kind() == Candidate.Kind.PEER) {
      speakGrpc(facts);
    }
    takeLoad(facts.fields);
    exchange.request.ruling.edit(facts);
    exchange.staying.edit(facts, exchange.attempt.servedBy());
    if (request.debug) {
      exchange.debugging.edit(facts, exchange.attempt.candidate(), exchange.attempt.count());
    }
    if (request.web != Web.NONE) {
      forBrowsers(facts);
    }
    closes =
        client.head(
            request,
            facts,
            awaitsContinue() && !exchange.requestEnded(),
            client.mesh() ? exchange.attempt.candidate().id() : "",
            client.receiptHeader() ? exchange.account.receipt() : "");
  }

  /// A peer's own answer, which came in the form for HTTP, in gRPC's; its body is left out.
  private static void speakGrpc(ResponseFacts facts) {
    Reason.named(facts.reason)
        .ifPresent(reason -> {
          facts.fields.clear();
          Grpc.refusal(facts.fields, reason, "at a peer", "");
          facts.grpcStatus = Grpc.status(facts.fields);
          facts.status = 200;
          facts.phrase = "";
          facts.length = 0;
          facts.lengthText = "";
        });
  }

  private void forBrowsers(ResponseFacts facts) {
    if (request.web.cors().on()) {
      CrossOrigin.edit(request.web.cors(), request, facts.fields);
    }
    if (request.web.compression().on()) {
      exchange.compressing.head(request.web.compression(), request, facts);
    }
  }

  private void interim(ResponseFacts facts) {
    interims++;
    boolean passes = facts.status == 100 ? awaitsContinue() : !request.http10;
    if (passes) {
      continued |= facts.status == 100;
      interimPassed = true;
      client.interim(facts);
    }
    facts.clear();
  }

  /// Keeps what the endpoint says of its load to this node.
  private void takeLoad(Fields fields) {
    for (int i = 0; i < fields.count(); i++) {
      if (fields.kind(i) == Field.LOAD_METRICS) {
        exchange.attempt.loadTold(fields.name(i), fields.value(i));
        fields.remove(fields.name(i--));
      }
    }
  }

  /// A piece of body came; takes it over.
  void body(Upstream from, ByteBuf data, boolean last, Fields trailers) {
    ByteBuf out = exchange.compressing.active() ? exchange.compressing.body(data, last) : data;
    exchange.account.answered(out.readableBytes());
    if (trailers.count() > 0) {
      takeLoad(trailers);
      if (request.grpc) {
        facts().grpcStatus = Grpc.status(trailers);
      }
    }
    client.body(out, last, trailers);
    if (last) {
      exchange.answered();
    } else if (!client.writable()) {
      from.pause();
    }
  }
}
