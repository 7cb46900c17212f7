package io.skein.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.util.concurrent.Future;
import io.skein.proxy.route.ServiceRoute;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a ClientHello, however its records are cut, for the name in it, and lets all of it through
/// unchanged once the service is known. Event loop only.
final class SniRoute extends AbstractSniHandler<Optional<ServiceRoute>> {
  private final TcpConnection connection;
  private final TcpPlane plane;

  SniRoute(TcpConnection connection, TcpPlane plane) {
    super(plane.config().maxClientHelloBytes(), plane.config().openingTimeout().toMillis());
    this.connection = connection;
    this.plane = plane;
  }

  /// @param clientHello null if what came is no TLS handshake
  @Override
  protected Future<Optional<ServiceRoute>> lookup(
      ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) throws Exception {
    return clientHello == null
        ? ctx.executor().newFailedFuture(new NotSslRecordException("no ClientHello"))
        : super.lookup(ctx, clientHello);
  }

  @Override
  protected Future<Optional<ServiceRoute>> lookup(
      ChannelHandlerContext ctx, @Nullable String hostname) {
    return ctx.executor()
        .newSucceededFuture(plane.routes().get().resolve(hostname == null ? "" : hostname, "/"));
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String hostname, Future<Optional<ServiceRoute>> found) {
    if (!found.isSuccess()) {
      connection.refuse();
      return;
    }
    String name = hostname == null ? "" : hostname;
    Optional<ServiceRoute> route = found.getNow();
    if (route.isEmpty()) {
      connection.refuseName(name);
      return;
    }
    connection.begin(route.get(), name);
    // Hands what it has read to the connection, which keeps it for the endpoint.
    ctx.pipeline().remove(this);
  }
}
