package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// One connection to an endpoint or a peer: serves one exchange at a time, then waits in its pool.
///
/// It goes back to the pool only after the read that ended its answer is over, and only if that
/// read brought nothing more: bytes nobody asked for would be taken for the next client's answer.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class Upstream extends ChannelInboundHandlerAdapter {
  /// Longest answer that is read to its end only to keep the connection.
  static final int MOST_DISCARDED = 64 << 10;

  private final UpstreamPool pool;
  private final Worker worker;
  private final ResponseDecoder decoder;
  private @Nullable Channel channel;
  private @Nullable Outgoing out;
  private @Nullable Exchange exchange;
  private boolean answered;
  private boolean discarding;
  private boolean reusable;
  private boolean reused;
  private boolean broken;

  /// When it went idle.
  long idleSince;

  Upstream(UpstreamPool pool, Worker worker) {
    this.pool = pool;
    this.worker = worker;
    this.decoder = new ResponseDecoder(worker.plane.config, this);
  }

  ResponseDecoder decoder() {
    return decoder;
  }

  void opened(Channel channel) {
    this.channel = channel;
    this.out = new Outgoing(channel, worker);
  }

  boolean usable() {
    return channel != null && channel.isActive();
  }

  /// Whether the peer at the other end is one that the trust manager takes now.
  boolean trusted(X509TrustManager trust) {
    SslHandler tls = channel == null ? null : channel.pipeline().get(SslHandler.class);
    return tls == null
        || PeerTrust.holds(trust, tls.engine(), X509TrustManager::checkServerTrusted);
  }

  Outgoing out() {
    Outgoing o = out;
    if (o == null) {
      throw new IllegalStateException("not connected");
    }
    return o;
  }

  boolean writable() {
    return channel != null && channel.isWritable();
  }

  /// Whether it served an exchange before this one.
  boolean reused() {
    return reused;
  }

  /// Whether an error was seen on it.
  boolean broken() {
    return broken;
  }

  void serve(Exchange exchange) {
    this.exchange = exchange;
    this.answered = false;
    this.reusable = false;
  }

  /// The exchange is over.
  ///
  /// @param reusable whether both messages ended cleanly
  void answered(boolean reusable) {
    this.exchange = null;
    this.answered = true;
    this.reusable = reusable;
    resume();
  }

  /// The rest of the answer is of no use.
  ///
  /// @param keep whether waiting for its end is cheaper than another connection
  void discard(boolean keep) {
    exchange = null;
    if (!keep) {
      close();
      return;
    }
    discarding = true;
    worker.loop.schedule(
        () -> {
          if (discarding) {
            close();
          }
        },
        5,
        TimeUnit.SECONDS);
  }

  /// The exchange gives up.
  void abandon() {
    exchange = null;
    close();
  }

  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  void pause() {
    if (channel != null) {
      channel.config().setAutoRead(false);
    }
  }

  void resume() {
    if (channel != null && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  void bytesArrived() {
    if (exchange != null) {
      exchange.deadlines.upstreamMoved();
    }
  }

  boolean awaitsHead() {
    return exchange != null && exchange.request.facts.head;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (discarding) {
      if (msg instanceof LastHttpContent) {
        discarding = false;
        answered(true);
      }
      ReferenceCountUtil.release(msg);
      return;
    }
    Exchange serving = exchange;
    if (serving == null || answered) {
      ReferenceCountUtil.release(msg);
      reusable = false;
      ctx.close();
      return;
    }
    serving.upstreamRead(this, msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (answered) {
      done(reusable);
    }
    worker.flush();
  }

  /// Nothing more is to be sent or read for the exchange.
  void done(boolean reusable) {
    answered = false;
    exchange = null;
    reused = true;
    resume();
    if (reusable && !broken && usable() && !decoder.hasLeftover()) {
      pool.give(this);
    } else {
      close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Exchange serving = exchange;
    if (serving != null && ctx.channel().isWritable()) {
      serving.upstreamWritable();
      worker.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange serving = exchange;
    exchange = null;
    if (out != null) {
      out.release();
      pool.closed(this);
    }
    if (serving != null && !answered) {
      serving.upstreamClosed();
      worker.flush();
    }
  }

  // What is written fails when the endpoint hung up; its answer may still be readable, so the read
  // side decides when the connection is over.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken = true;
    Exchange serving = exchange;
    if (serving == null || answered || !(cause instanceof IOException)) {
      ctx.close();
    } else {
      serving.upstreamBroken();
    }
  }
}
