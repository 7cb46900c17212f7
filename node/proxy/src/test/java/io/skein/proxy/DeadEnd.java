package io.skein.proxy;

import io.skein.proxy.route.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An address that refuses connections: the port is taken, lest somebody else listens there, but
/// nobody does.
public final class DeadEnd implements AutoCloseable {
  private static final Queue<DeadEnd> LASTING = new ConcurrentLinkedQueue<>();

  private final Socket holder = new Socket();

  public DeadEnd() throws IOException {
    holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /// One that nobody closes.
  public static DeadEnd lasting() throws IOException {
    DeadEnd end = new DeadEnd();
    LASTING.add(end);
    return end;
  }

  public int port() {
    return holder.getLocalPort();
  }

  public Target.EndpointTarget target() {
    return new Target.EndpointTarget("127.0.0.1", port());
  }

  @Override
  public void close() throws IOException {
    holder.close();
  }
}
