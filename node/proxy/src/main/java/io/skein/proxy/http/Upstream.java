package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.route.Target;

/// The upstream side of one exchange, in whatever version of HTTP: sends the request of an
/// [Attempt] and tells it what comes back. A connection in HTTP/1.1, a stream in HTTP/2; event loop
/// only.
///
/// | the attempt calls | and hears |
/// |---|---|
/// | [#serve], [#head], [#body] until its `last` | [Attempt#answerHead] (1xx, then the final one), [Attempt#answerBody] until its `last`; [Attempt#closed] instead if it breaks |
/// | [#answered] or [#done], [#discard], [#abandon] | nothing more |
interface Upstream {
  /// Longest answer that is read to its end only to keep the connection.
  int MOST_DISCARDED = 64 << 10;

  /// Whether its connection served an exchange before this one: that it breaks now says nothing
  /// about the endpoint.
  boolean reused();

  /// Whose request is sent.
  void serve(Attempt attempt);

  // ---- the request

  /// Sends the head.
  ///
  /// @param origin what the client's connection adds
  /// @param fromPeer whether a peer forwarded the request to us
  /// @param service its service
  /// @param to where it goes
  /// @param bodyBytes how much of the body is known to follow at once
  void head(
      RequestFacts request,
      Origin origin,
      boolean fromPeer,
      String service,
      Target to,
      int bodyBytes);

  /// Sends a piece of body.
  ///
  /// @param data taken over; may be empty
  /// @param trailers what follows the last piece; used within this call only
  void body(ByteBuf data, boolean last, Fields trailers);

  /// Whether it takes more of the request.
  boolean writable();

  /// Bytes of the request that wait here until the endpoint takes them.
  long unsentBytes();

  /// Is content with less of the request waiting, until the next request.
  void narrow();

  // ---- the answer

  void pause();

  void resume();

  // ---- the end

  /// The answer is complete and so is the request, within a read that may bring more.
  ///
  /// @param reusable whether both messages ended cleanly
  void answered(boolean reusable);

  /// The same outside of a read, or before anything was sent.
  void done(boolean reusable);

  /// The rest of the answer is of no use.
  ///
  /// @param keep whether waiting for its end is cheaper than another connection
  void discard(boolean keep);

  /// The exchange gives up: whether the other side stops working on it, at once or later, is up to
  /// the connection.
  void abandon();
}
