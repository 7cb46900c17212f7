package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/// The end of a connection on which the client may still be sending: this side has said its last
/// and passes over what comes until the client closes too. Closed with bytes unread, the connection
/// would be reset, and a reset overtakes what was written (RFC 9112 §9.6).
///
/// Stands first in the pipeline, so that nothing is decrypted or decoded any more. The owner closes
/// after [#LONGEST_NANOS]; a client that sends more than [#MOST_BYTES] is closed at once.
final class Lingering extends ChannelInboundHandlerAdapter {
  /// How long the owner leaves it open at most.
  static final long LONGEST_NANOS = 2_000_000_000;

  /// More than what is on its way when a connection of high bandwidth and delay is told to stop.
  static final long MOST_BYTES = 32 << 20;

  private long passedOverBytes;

  private Lingering() {}

  /// Ends the connection once what was written to it is sent. Event loop only.
  @SuppressWarnings("FutureReturnValueIgnored") // what fails closes
  static void end(Channel channel) {
    channel.pipeline().addFirst(new Lingering());
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> {
          if (!(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
          }
          SslHandler tls = channel.pipeline().get(SslHandler.class);
          if (tls != null) {
            tls.closeOutbound();
          }
          duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        });
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      passedOverBytes += bytes.readableBytes();
    }
    ReferenceCountUtil.release(message);
    if (passedOverBytes > MOST_BYTES) {
      ctx.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {}
}
