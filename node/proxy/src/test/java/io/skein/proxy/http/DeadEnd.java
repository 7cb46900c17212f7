package io.skein.proxy.http;

import io.skein.proxy.route.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// An address that refuses connections: the port is taken, lest somebody else listens there, but
/// nobody does.
final class DeadEnd implements AutoCloseable {
  private final Socket holder = new Socket();

  DeadEnd() throws IOException {
    holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  Target target() {
    return new Target.EndpointTarget("127.0.0.1", holder.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    holder.close();
  }
}
