package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;

/// The answer on its way from upstream to the client: interim answers (1xx), then one head, then
/// the body, framed anew for the client. Reused from request to request of one connection; event
/// loop only.
///
/// Until the head went out, an answer can be forgotten and another be taken in its place.
final class Answer {
  private static final int MOST_INTERIM = 32;

  /// What upstream said.
  final ResponseFacts facts = new ResponseFacts();

  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final RequestFacts request;
  private Framing framing = Framing.NONE;
  private int interims;
  private boolean interimPassed;
  private boolean continued;
  private boolean skipLast;
  private boolean closes;

  Answer(Worker worker, Downstream client, Exchange exchange, RequestFacts request) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.request = request;
  }

  void reset() {
    forget();
    interimPassed = false;
    continued = false;
    skipLast = false;
    closes = false;
  }

  /// Makes room for another try's answer.
  void forget() {
    facts.clear();
    interims = 0;
  }

  /// Whether upstream said nothing yet.
  boolean silent() {
    return interims == 0 && facts.status == 0;
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

  /// Whether only the connection's end tells the client that the body is complete.
  boolean untilClose() {
    return framing == Framing.UNTIL_CLOSE;
  }

  /// Whether upstream's connection may serve again.
  boolean reusable() {
    return facts.keepAlive && facts.framing != Framing.UNTIL_CLOSE;
  }

  /// Takes over what upstream sent.
  void take(Upstream from, Object msg) {
    if (msg instanceof HttpResponse head) {
      head(head);
      if (msg instanceof LastHttpContent last) {
        last.release();
      }
    } else if (msg instanceof HttpContent part) {
      if (skipLast) {
        skipLast = false;
        part.release();
      } else {
        body(from, part);
      }
    }
  }

  private void head(HttpResponse head) {
    if (!facts.read(head, request.head) || interims > MOST_INTERIM) {
      facts.status = 0;
      exchange.failed(OutcomeKind.RESET, Reason.UPSTREAM_MALFORMED);
    } else if (facts.status < 200) {
      interim();
    } else if (!exchange.repetition.insteadOfAnswer()) {
      exchange.answering();
      framing =
          switch (facts.framing) {
            case NONE -> Framing.NONE;
            case LENGTH -> Framing.LENGTH;
            case CHUNKED, UNTIL_CLOSE -> request.http11 ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
          };
      closes =
          !request.keepAlive
              || worker.plane.draining
              || framing == Framing.UNTIL_CLOSE
              || (awaitsContinue() && !exchange.requestEnded());
      ResponseHead.write(
          worker.head,
          facts,
          framing,
          closes,
          !request.http11,
          client.mesh() ? exchange.attempt.candidate().id() : "",
          client.receiptHeader() ? exchange.account.receipt() : "");
      client.out().head(worker.head, facts.framing == Framing.NONE ? 0 : facts.length);
    }
  }

  private void interim() {
    interims++;
    skipLast = true;
    boolean passes = facts.status == 100 ? awaitsContinue() : request.http11;
    if (passes) {
      continued |= facts.status == 100;
      interimPassed = true;
      ResponseHead.write(worker.head, facts, Framing.NONE, false, false, "", "");
      client.out().head(worker.head, 0);
    }
    facts.clear();
  }

  private void body(Upstream from, HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    if (part.decoderResult().isFailure()) {
      part.release();
      exchange.failed(OutcomeKind.RESET, Reason.UPSTREAM_MALFORMED);
      return;
    }
    if (last && facts.framing == Framing.UNTIL_CLOSE && from.broken()) {
      part.release();
      exchange.failed(OutcomeKind.RESET, Reason.UPSTREAM_RESET);
      return;
    }
    pass(part);
    if (last) {
      exchange.answered();
    } else if (!client.writable()) {
      from.pause();
    }
  }

  private void pass(HttpContent part) {
    ByteBuf content = part.content();
    exchange.account.answered(content.readableBytes());
    switch (framing) {
      case NONE -> content.release();
      case LENGTH, UNTIL_CLOSE -> client.out().data(content);
      case CHUNKED -> {
        client.out().chunk(content);
        if (part instanceof LastHttpContent end) {
          client.out().lastChunk(end.trailingHeaders());
        }
      }
    }
  }
}
