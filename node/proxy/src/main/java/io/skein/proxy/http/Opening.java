package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.prelude.ProxyHeaderReader;
import io.skein.proxy.relay.Relay;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What stands before the first byte of HTTP on a public listener: the PROXY header and the TLS
/// handshake, each only if the listener wants it. Both have limits in time and size of their own; a
/// connection that fails here is closed and counted, and no request was seen. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class Opening extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Secured> SECURED = AttributeKey.valueOf("skein.secured");

  private final ProxyMetrics metrics;
  private final ListenerConfig listener;
  private final Consumer<Channel> begin;
  private boolean done;

  /// What a TLS handshake told.
  ///
  /// @param clientHeader the header field for the subject; empty: none
  /// @param subject the subject of the client's certificate; empty without one
  /// @param version such as `TLSv1.3`
  /// @param serverName the name that the client asked for; empty if it named none
  record Secured(String clientHeader, String subject, String version, String serverName) {}

  private Opening(ProxyMetrics metrics, ListenerConfig listener, Consumer<Channel> begin) {
    this.metrics = metrics;
    this.listener = listener;
    this.begin = begin;
  }

  /// Lets the connection through when it has opened.
  ///
  /// @param begin adds the handlers of HTTP; they become active afterwards
  static void install(
      Channel channel, ProxyMetrics metrics, ListenerConfig listener, Consumer<Channel> begin) {
    Consumer<Channel> next =
        listener.tls().isEmpty()
            ? begin
            : opened ->
                opened
                    .pipeline()
                    .addLast(
                        listener.tls().get().newHandler(), new Opening(metrics, listener, begin));
    if (listener.proxyHeaders().isEmpty()) {
      next.accept(channel);
    } else {
      ProxyHeaderReader.install(
          channel,
          listener.proxyHeaders().get(),
          next,
          refused -> {
            metrics.connectionMisopened();
            Relay.reset(refused);
          });
    }
  }

  /// What the handshake of a connection told; null in the clear.
  static @Nullable Secured secured(Channel channel) {
    // Asking for an attribute makes it.
    return channel.hasAttr(SECURED) ? channel.attr(SECURED).get() : null;
  }

  /// Held back: what comes next is not there yet.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (done) {
      ctx.fireChannelRead(msg);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess() && !done) {
      done = true;
      Channel channel = ctx.channel();
      channel.attr(SECURED).set(secured(listener, channel));
      begin.accept(channel);
      ctx.fireChannelActive();
      ctx.pipeline().remove(this);
    } else if (event instanceof SslCompletionEvent failed && !failed.isSuccess()) {
      failed();
    }
  }

  private static Secured secured(ListenerConfig listener, Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    SSLSession session = tls == null ? null : tls.engine().getSession();
    return new Secured(
        listener.clientHeader(),
        subject(channel),
        session == null ? "" : session.getProtocol(),
        session instanceof ExtendedSSLSession told ? serverName(told) : "");
  }

  private static String serverName(ExtendedSSLSession session) {
    try {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName();
        }
      }
    } catch (UnsupportedOperationException _) {
      // A provider that does not tell.
    }
    return "";
  }

  private static String subject(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    try {
      return tls != null
              && tls.engine().getSession().getPeerCertificates()[0]
                  instanceof X509Certificate certificate
          ? certificate.getSubjectX500Principal().getName()
          : "";
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed();
    ctx.close();
  }

  private void failed() {
    if (!done) {
      done = true;
      metrics.connectionMisopened();
    }
  }
}
