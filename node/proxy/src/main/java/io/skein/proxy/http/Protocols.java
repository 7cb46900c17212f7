package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/// Which version of HTTP a client's connection speaks, and the handlers for it: HTTP/2 if the
/// client began with its preface (prior knowledge), if TLS agreed on `h2` (ALPN), or if an HTTP/1.1
/// request offered `Upgrade: h2c` (RFC 7540 §3.2); else HTTP/1.1. Event loop only.
final class Protocols {
  /// Where peers connect: their answers tell nothing about themselves.
  private static final ListenerConfig MESH = new ListenerConfig("mesh", "", 0);

  private Protocols() {}

  /// A connection without TLS: its first bytes decide.
  static void plain(Worker worker, Channel channel, ListenerConfig listener) {
    channel.pipeline().addLast(new Http1Server(worker, channel, null, listener, true));
  }

  /// A connection whose TLS handshake is over.
  ///
  /// @param alpn what it agreed on; null or empty if nothing
  static void afterTls(
      Worker worker, Channel channel, @Nullable String alpn, ListenerConfig listener) {
    if ("h2".equals(alpn)) {
      worker.plane.metrics.connectionOpened();
      channel.pipeline().addLast(http2(worker, channel, listener));
    } else {
      channel.pipeline().addLast(new Http1Server(worker, channel, null, listener, false));
    }
  }

  /// A connection from a peer: HTTP/1.1 within TLS, or a tunnel.
  static void mesh(Worker worker, Channel channel, PeerTrust peer) {
    Http1Server http1 = new Http1Server(worker, channel, peer, MESH, false);
    Tunnels.Fork fork = new Tunnels.Fork(http1, peer, worker.plane.tunnels);
    channel.pipeline().addLast(fork, http1);
  }

  static Http2Server http2(Worker worker, Channel channel, ListenerConfig listener) {
    return Http2Server.of(worker, channel, Origin.of(channel, worker.plane, "2.0"), listener);
  }

  /// Puts HTTP/2 in the place of HTTP/1.1; bytes not yet decoded go to it.
  static void replace(Channel channel, Http1Server http1, Http2Server http2) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(http2);
    http1.retire();
    pipeline.remove(http1);
    Http1RequestDecoder.leave(pipeline);
  }
}
