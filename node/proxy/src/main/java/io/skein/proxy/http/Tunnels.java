package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Who takes connections from peers that carry bytes instead of HTTP. Which ones do is agreed in
/// the handshake (ALPN, RFC 7301): [#PROTOCOL]. Event loop only.
@FunctionalInterface
public interface Tunnels {
  /// What a peer offers that wants to send bytes.
  String PROTOCOL = "skein-relay/1";

  /// @param channel with TLS in place, its handshake over and the peer trusted
  /// @param distrusted whether the peer is no longer trusted; to be asked while the connection
  ///   stands, with monotonic now
  void accept(Channel channel, LongPredicate distrusted);

  /// Looks what a peer's handshake agreed on, and leaves.
  final class Fork extends ChannelInboundHandlerAdapter {
    private final Http1Server http;
    private final PeerTrust peer;
    private final @Nullable Tunnels tunnels;

    Fork(Http1Server http, PeerTrust peer, @Nullable Tunnels tunnels) {
      this.http = http;
      this.peer = peer;
      this.tunnels = tunnels;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent shaken) || !shaken.isSuccess()) {
        ctx.fireUserEventTriggered(event);
        return;
      }
      ChannelPipeline pipeline = ctx.pipeline();
      SslHandler tls = pipeline.get(SslHandler.class);
      Tunnels to = tunnels;
      boolean tunnel = tls != null && PROTOCOL.equals(tls.engine().getApplicationProtocol());
      if (tunnel && to != null && peer.holds(System.nanoTime())) {
        http.retire();
        pipeline.remove(http);
        Http1RequestDecoder.leave(pipeline);
        to.accept(ctx.channel(), now -> peer.due(now) && !peer.holds(now));
      } else {
        // Whom nobody trusts goes there too: it is closed, and what it sent already is dropped.
        ctx.fireUserEventTriggered(event);
      }
      pipeline.remove(this);
    }
  }
}
