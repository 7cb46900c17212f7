package io.skein.proxy.prelude;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a connection's PROXY header and holds everything else back until it is there. Event loop
/// only.
///
/// A header is at most 107 bytes long in version 1, and 16 bytes, addresses and 2 KiB of further
/// values in version 2. `LOCAL`, `UNKNOWN` and addresses that are no IP leave the connection's own
/// addresses in force (the balancer's health checks).
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  private static final int MAX_VALUES = 2 << 10;

  private final ProxyHeaders headers;
  private final Consumer<Channel> begin;
  private final Consumer<Channel> refuse;
  private @Nullable Future<?> deadline;
  private boolean done;

  private ProxyHeaderReader(
      ProxyHeaders headers, Consumer<Channel> begin, Consumer<Channel> refuse) {
    this.headers = headers;
    this.begin = begin;
    this.refuse = refuse;
  }

  /// Puts a reader at the pipeline's end.
  ///
  /// @param begin adds what comes next, when [Ends#of] is known; it becomes active afterwards
  /// @param refuse ends the connection: no header, a malformed one, not in time, or not from a
  ///   trusted place; called at most once
  public static void install(
      Channel channel, ProxyHeaders headers, Consumer<Channel> begin, Consumer<Channel> refuse) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new HAProxyMessageDecoder(MAX_VALUES), new ProxyHeaderReader(headers, begin, refuse));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(() -> refuse(ctx), headers.timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!headers.trusts(ctx.channel().remoteAddress())) {
      refuse(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(msg);
      return;
    }
    try {
      AddressFamily family = header.proxiedProtocol().addressFamily();
      if (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6) {
        Ends.tell(
            ctx.channel(),
            new Ends(
                address(header.sourceAddress(), header.sourcePort()),
                address(header.destinationAddress(), header.destinationPort())));
      }
      for (HAProxyTLV value : header.tlvs()) {
        if ((value.typeByteValue() & 0xff) == ProxyHeader.SERVICE) {
          Ends.name(ctx.channel(), value.content().toString(StandardCharsets.US_ASCII));
        }
      }
    } finally {
      header.release();
    }
    end();
    begin.accept(ctx.channel());
    ctx.fireChannelActive();
    ctx.pipeline().remove(this);
  }

  // Netty has checked that it is a literal.
  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      refuse(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    refuse(ctx);
  }

  private void refuse(ChannelHandlerContext ctx) {
    if (!done) {
      end();
      refuse.accept(ctx.channel());
    }
  }

  private void end() {
    done = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
