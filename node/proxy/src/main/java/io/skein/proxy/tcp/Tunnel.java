package io.skein.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.skein.proxy.http.PeerClientTls;
import io.skein.proxy.http.Tunnels;
import io.skein.proxy.prelude.Ends;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.route.Target.PeerTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A connection to a peer's forward listener that carries one client's bytes to an endpoint which
/// the peer reaches.
///
/// It begins with a PROXY header of version 2 that tells the client's address and, as value
/// [ProxyHeader#SERVICE], the service. The peer connects an endpoint and answers one byte, a length
/// and as many bytes of ASCII: 0 and the endpoint's id, or 1 and the reason's token. From then on
/// bytes pass as they are. A tunnel never leads to another peer.
final class Tunnel {
  private static final int CONNECTED = 0;
  private static final int REFUSED = 1;

  private Tunnel() {}

  /// How peers are dialled.
  ///
  /// @param askAgainNanos how often the trust in a connected peer is asked for
  record Peers(PeerClientTls tls, long askAgainNanos) {}

  static ByteBuf ask(ByteBufAllocator allocator, Ends ends, String service) {
    return ProxyHeader.V2.write(allocator, ends, service);
  }

  static ByteBuf connected(String endpoint) {
    return answer(CONNECTED, endpoint);
  }

  static ByteBuf refused(String token) {
    return answer(REFUSED, token);
  }

  private static ByteBuf answer(int kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int count = Math.min(bytes.length, 255);
    return Unpooled.buffer(count + 2).writeByte(kind).writeByte(count).writeBytes(bytes, 0, count);
  }

  /// Whether the handshake led to the node that was meant, which is trusted, and to its tunnels.
  static boolean leadsTo(SslHandler tls, PeerClientTls peers, PeerTarget peer) {
    return Tunnels.PROTOCOL.equals(tls.engine().getApplicationProtocol())
        && peers.reached(tls.engine(), peer);
  }

  /// Takes a peer's answer.
  interface Asking {
    /// An endpoint is connected; what follows is its bytes.
    void connected(String endpoint);

    /// None is, or the tunnel broke.
    void refused();
  }

  /// Waits for the peer's answer and holds back what follows until it is removed.
  static final class Answer extends ByteToMessageDecoder {
    private final Asking asking;
    private boolean answered;

    Answer(Asking asking) {
      this.asking = asking;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      int at = in.readerIndex();
      if (answered
          || in.readableBytes() < 2
          || in.readableBytes() < 2 + in.getUnsignedByte(at + 1)) {
        return;
      }
      answered = true;
      int kind = in.readUnsignedByte();
      String text =
          in.readCharSequence(in.readUnsignedByte(), StandardCharsets.US_ASCII).toString();
      if (kind == CONNECTED) {
        asking.connected(text);
      } else {
        asking.refused();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      broke();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      broke();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof io.netty.channel.socket.ChannelInputShutdownEvent) {
        broke();
      }
    }

    private void broke() {
      if (!answered) {
        answered = true;
        asking.refused();
      }
    }
  }
}
