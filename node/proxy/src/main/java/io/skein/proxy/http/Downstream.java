package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;

/// The client's side of one exchange, in whatever version of HTTP: says when its request is to be
/// read, and writes its answer. A connection in HTTP/1.1, a stream in HTTP/2; event loop only.
///
/// An answer is any number of [#interim], one [#head] and then [#body] until its `last`; or one
/// [#refuse]; then [#ended]. [#truncate] and [#abort] end it before that.
interface Downstream {
  /// Why the request is not read further: what came is kept until it can be sent.
  int BODY_KEPT = 2;

  /// Why the request is not read further: upstream takes no more.
  int UPSTREAM_FULL = 4;

  /// What the client's connection adds to the request.
  Origin origin();

  /// Whether peers connect here.
  boolean mesh();

  /// Whether answers name their receipts.
  boolean receiptHeader();

  /// Whether answers say, to those who ask, how their endpoint was chosen.
  boolean debugHeader();

  // ---- the request

  /// How long the request whose head was just read had waited for that, as far as it waited for
  /// this node, and whether its client has left.
  default Arrival arrival(long nowNanos) {
    return Arrival.NOW;
  }

  /// Reads no more of the request until every reason was taken back.
  void pause(int why);

  void resume(int why);

  boolean paused(int why);

  /// Whether the rest of a body is read after its answer went, to keep the connection.
  boolean takesRest();

  // ---- the answer

  /// Whether the client takes more.
  boolean writable();

  /// What was written to it and is not on its way; 0 if that is not known.
  default long unsentBytes() {
    return 0;
  }

  /// Since when it takes nothing; meaningful while not writable.
  long stalledNanos();

  /// Passes on a 1xx answer.
  void interim(ResponseFacts facts);

  /// Passes on a final answer's head.
  ///
  /// @param restUnwanted whether the rest of the request will not be read
  /// @param servedBy the endpoint to name to a peer; empty on public listeners
  /// @param receipt the receipt to name; empty if none
  /// @return whether the connection closes after this answer
  boolean head(
      RequestFacts request,
      ResponseFacts facts,
      boolean restUnwanted,
      String servedBy,
      String receipt);

  /// Passes on a 101 answer and leaves HTTP: the client's connection and upstream's are relayed
  /// from now on. Only for a request that asked for it.
  ///
  /// @param upstream whose connection is taken over
  /// @param place what the connection holds until it ends; to be left by who takes it over
  default void upgrade(
      ResponseFacts facts,
      String servedBy,
      String receipt,
      Upstream upstream,
      Candidate candidate,
      String service,
      Relays.Place place) {
    throw new IllegalStateException("nobody asked to switch protocols");
  }

  /// Passes on a piece of the answer's body.
  ///
  /// @param data taken over; may be empty
  /// @param trailers what follows the last piece; used within this call only
  void body(ByteBuf data, boolean last, Fields trailers);

  /// Answers in the proxy's own name.
  ///
  /// @param detail what exactly happened; must contain nothing a client sent
  /// @param restUnwanted whether the rest of the request will not be read
  /// @param receipt the receipt to name; empty if none
  /// @return whether the connection closes after this answer
  boolean refuse(
      RequestFacts request, Reason reason, String detail, boolean restUnwanted, String receipt);

  // ---- the end

  /// The answer is complete, and the exchange over.
  ///
  /// @param close what `head` or `refuse` said, or whether the request's rest is not read
  void ended(boolean close);

  /// The exchange is over, the answer is not complete: nobody may take it for that.
  ///
  /// @param detail what exactly happened; must contain nothing a client sent
  void truncate(Reason reason, String detail);

  /// Gives up on the client.
  void abort();
}
