package io.skein.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client connection: brings requests one after the other to its [Exchange].
///
/// | state | leaves it by |
/// |---|---|
/// | idle | a request's head; `keepAliveIdle` closes |
/// | head | the head's end; `headerTimeout` answers 408 |
/// | exchange | its end; see [Exchange] |
/// | closing | what was written is flushed, then our side is shut and what still comes is dropped for up to 2 s, lest a reset overtakes the answer |
///
/// Requests sent ahead wait in a queue that is bounded by one read, because reading stops as soon
/// as one waits.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class Downstream extends ChannelInboundHandlerAdapter {
  static final int PIPELINED = 1;
  static final int BODY_KEPT = 2;
  static final int UPSTREAM_FULL = 4;

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Worker worker;
  private final Channel channel;
  private final @Nullable PeerTrust peer;
  private final boolean receiptHeader;
  private final RequestDecoder decoder;
  private final Outgoing out;
  private final Exchange exchange;
  private @Nullable ArrayDeque<Object> ahead;
  private int pauses;
  private boolean takingAhead;
  private boolean closing;
  private boolean headBegun;
  private long sinceNanos;
  private long stalledNanos;

  /// @param peer what judges the peer, where peers connect
  /// @param receiptHeader whether answers name their receipts
  Downstream(Worker worker, Channel channel, @Nullable PeerTrust peer, boolean receiptHeader) {
    this.worker = worker;
    this.channel = channel;
    this.peer = peer;
    this.receiptHeader = receiptHeader;
    this.decoder = new RequestDecoder(worker.plane.config, this);
    this.out = new Outgoing(channel, worker);
    this.exchange = new Exchange(worker, this, new Origin(channel.remoteAddress()));
    this.sinceNanos = worker.nowNanos;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  Outgoing out() {
    return out;
  }

  /// Whether peers connect here.
  boolean mesh() {
    return peer != null;
  }

  /// Whether answers name their receipts.
  boolean receiptHeader() {
    return receiptHeader;
  }

  boolean writable() {
    return channel.isWritable();
  }

  /// Since when the client takes nothing; meaningful while not writable.
  long stalledNanos() {
    return stalledNanos;
  }

  boolean hasAhead() {
    return ahead != null && !ahead.isEmpty();
  }

  void pause(int why) {
    if (pauses == 0) {
      channel.config().setAutoRead(false);
    }
    pauses |= why;
  }

  void resume(int why) {
    if ((pauses & why) != 0) {
      pauses &= ~why;
      if (pauses == 0) {
        exchange.deadlines.clientMoved();
        channel.config().setAutoRead(true);
      }
    }
  }

  boolean paused(int why) {
    return (pauses & why) != 0;
  }

  void bytesArrived() {
    if (exchange.active()) {
      exchange.deadlines.clientMoved();
    } else if (!headBegun) {
      headBegun = true;
      sinceNanos = worker.nowNanos;
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    worker.add(this);
    worker.plane.metrics.connectionOpened();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done
        && done.isSuccess()
        && peer != null
        && !peer.holds(worker.nowNanos)) {
      cutOff();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (closing) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (exchange.requestEnded() || hasAhead()) {
      ArrayDeque<Object> queue = ahead;
      if (queue == null) {
        queue = new ArrayDeque<>();
        ahead = queue;
      }
      queue.add(msg);
      pause(PIPELINED);
      return;
    }
    take(msg);
  }

  private void take(Object msg) {
    if (msg instanceof HttpRequest request) {
      headBegun = false;
      exchange.begin(request);
    } else if (exchange.active()) {
      exchange.request.body((HttpContent) msg);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  /// The exchange is over; the next request may begin.
  void ended(boolean close) {
    sinceNanos = worker.nowNanos;
    if (close || worker.plane.draining) {
      lingerClose();
      return;
    }
    ArrayDeque<Object> queue = ahead;
    if (queue == null || takingAhead) {
      resume(UPSTREAM_FULL | BODY_KEPT);
      return;
    }
    takingAhead = true;
    while (!closing && !exchange.requestEnded() && !queue.isEmpty()) {
      take(queue.poll());
    }
    takingAhead = false;
    if (queue.isEmpty()) {
      resume(PIPELINED | UPSTREAM_FULL | BODY_KEPT);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    worker.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      exchange.clientWritable();
      worker.flush();
    } else {
      stalledNanos = worker.nowNanos;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    worker.remove(this);
    worker.plane.metrics.connectionClosed();
    closing = true;
    out.release();
    releaseAhead();
    exchange.clientGone();
    worker.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  void tick(long now) {
    ProxyConfig config = worker.plane.config;
    if (peer != null && !closing && peer.due(now) && !peer.holds(now)) {
      cutOff();
    } else if (closing) {
      if (now - sinceNanos > LINGER_NANOS) {
        channel.close();
      }
    } else if (exchange.active()) {
      exchange.tick(now);
    } else if (headBegun) {
      if (now - sinceNanos > config.headerTimeout().toNanos()) {
        exchange.refuseSilent();
      }
    } else if (now - sinceNanos > config.keepAliveIdle().toNanos()) {
      channel.close();
    }
  }

  void closeIfIdle() {
    if (!closing && !exchange.active() && !headBegun) {
      channel.close();
    }
  }

  /// Closes so that what was written arrives.
  private void lingerClose() {
    closing = true;
    boolean mayStillSend = !exchange.request.endedLast() || hasAhead();
    releaseAhead();
    out.flush();
    // A client that takes nothing has as long as any other silent client.
    sinceNanos = worker.nowNanos + worker.plane.config.clientIdle().toNanos();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (!written.isSuccess()
              || !mayStillSend
              || mesh()
              || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
          } else {
            sinceNanos = worker.nowNanos;
            resume(PIPELINED | UPSTREAM_FULL | BODY_KEPT);
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
          }
        });
  }

  /// Closes so that nobody takes what was sent for complete.
  void truncate(boolean untilClose) {
    closing = true;
    releaseAhead();
    sinceNanos = worker.nowNanos;
    if (untilClose) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    } else {
      out.flush();
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Closes on a peer that is not trusted any more, whatever is under way.
  private void cutOff() {
    closing = true;
    sinceNanos = worker.nowNanos;
    channel.close();
  }

  void abort() {
    channel.close();
  }

  private void releaseAhead() {
    ArrayDeque<Object> queue = ahead;
    ahead = null;
    if (queue != null) {
      queue.forEach(ReferenceCountUtil::release);
    }
  }
}
