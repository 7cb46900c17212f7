package io.skein.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.function.UnaryOperator;

/// One of the two connections of a [Relay]. Event loop only.
///
/// | flag | meaning |
/// |---|---|
/// | ended | it has said all, or nobody listens to it any more |
/// | shut | nothing more is written to it |
/// | broken | a write to it failed: it is read to its end, which is a reset |
@SuppressWarnings("FutureReturnValueIgnored") // failures arrive at operationComplete
final class Side extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  final Channel channel;
  final boolean isClient;
  Side other = this;
  boolean ended;
  boolean shut;
  boolean broken;
  UnaryOperator<ByteBuf> filter = UnaryOperator.identity();

  private final Relay relay;
  private boolean eof;
  private boolean discarding;
  private boolean dirty;

  Side(Relay relay, Channel channel, boolean isClient) {
    this.relay = relay;
    this.channel = channel;
    this.isClient = isClient;
  }

  /// Passes on what this side sent; takes it over.
  void take(ByteBuf data) {
    int bytes = data.readableBytes();
    if (bytes == 0 || discarding || other.shut || relay.over()) {
      data.release();
      return;
    }
    relay.passed(this, bytes);
    dirty = true;
    other.channel.write(filter.apply(data)).addListener(other);
    if (!other.channel.isWritable()) {
      channel.config().setAutoRead(false);
    }
  }

  void resume() {
    if (!eof && !relay.over() && (discarding || other.channel.isWritable())) {
      channel.config().setAutoRead(true);
    }
  }

  /// Reads on, for nobody.
  void discard() {
    discarding = true;
    resume();
  }

  /// It has said all: passes that on behind what is still to be written.
  void inputEnded() {
    eof = true;
    if (ended || relay.over()) {
      return;
    }
    if (broken) {
      relay.broke(this);
      return;
    }
    ended = true;
    closeIfDone();
    Side to = other;
    to.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> to.shutOutput());
  }

  private void shutOutput() {
    if (relay.over()) {
      return;
    }
    if (shut) {
      relay.finishIfDone();
      return;
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound().addListener(_ -> outputShut());
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput().addListener(_ -> outputShut());
    } else {
      outputShut();
    }
  }

  private void outputShut() {
    shut = true;
    closeIfDone();
    if (!eof) {
      HalfClosure.endAtOnce(channel);
    }
    relay.finishIfDone();
  }

  /// Whether nothing more is to be read or written.
  boolean done() {
    return eof && shut && !broken;
  }

  // Not only when the relay is over: epoll wakes up again and again for a socket that has ended in
  // both directions.
  void closeIfDone() {
    if (done()) {
      channel.close();
    }
  }

  /// Finds out whether a side that had ended was reset since: Netty tells nobody who neither reads
  /// nor writes, and epoll wakes up again and again for it.
  void lookIfGone() {
    if (eof && !shut && !relay.over() && HalfClosure.gone(channel)) {
      relay.left(this);
    }
  }

  /// A write to this side ended.
  @Override
  public void operationComplete(ChannelFuture written) {
    if (!written.isSuccess() && !shut && !relay.over()) {
      shut = true;
      broken = !ended;
      other.discard();
      if (ended) {
        relay.left(this);
      } else if (!channel.isActive()) {
        relay.broke(this);
      } else {
        resume();
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf data) {
      take(data);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (dirty) {
      dirty = false;
      other.channel.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    relay.moved();
    if (channel.isWritable()) {
      other.resume();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess())) {
      inputEnded();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    relay.broke(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    relay.broke(this);
  }
}
