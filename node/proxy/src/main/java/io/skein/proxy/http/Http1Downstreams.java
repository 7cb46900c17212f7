package io.skein.proxy.http;

import java.util.ArrayDeque;

/// What requests in HTTP/1 need, lent by an event loop from a request's head to the end of its
/// answer: a connection between requests holds nothing of it, and one that brings a single request
/// does not make anew what the one before it has just let go.
///
/// What one client said must never be heard by another. So only what a request has used up comes
/// back: it ended by an answer of ours or the endpoint's, [Exchange] is idle and has cleared all of
/// it, as between two requests of one connection. Whatever ended in any other way (the client left,
/// the answer broke off, the connection became another protocol's) is not used again. In between it
/// belongs to no connection, and fails when somebody calls it.
///
/// Event loop only.
final class Http1Downstreams {
  /// Most that wait for their next use, some 3 KiB each.
  static final int MOST = 256;

  private final Worker worker;
  private final ArrayDeque<Http1Downstream> spare = new ArrayDeque<>();

  Http1Downstreams(Worker worker) {
    this.worker = worker;
  }

  /// One for a connection's requests, until it is given back.
  Http1Downstream lend(Http1Server to) {
    ProxyConfig config = worker.plane.config;
    Http1Downstream its = spare.pollLast();
    if (its == null || its.config != config) {
      its = new Http1Downstream(worker, config);
    }
    its.belongTo(to);
    return its;
  }

  /// Its request is over.
  void giveBack(Http1Downstream its) {
    if (!its.exchange.active() && spare.size() < MOST) {
      its.belongToNobody();
      spare.addLast(its);
    }
  }

  /// How many wait for their next use.
  int spare() {
    return spare.size();
  }
}
