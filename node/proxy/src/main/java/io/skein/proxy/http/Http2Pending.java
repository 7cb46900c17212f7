package io.skein.proxy.http;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/// Shares a connection's window evenly among its streams, and knows what each still has to send.
/// Event loop only.
final class Http2Pending implements StreamByteDistributor {
  private final UniformStreamByteDistributor even;
  private final Http2Connection.PropertyKey key;

  Http2Pending(Http2Connection connection) {
    this.even = new UniformStreamByteDistributor(connection);
    this.key = connection.newKey();
  }

  /// Bytes written to a stream that wait for the peer's window.
  long bytes(Http2Stream stream) {
    return stream.getProperty(key) instanceof StreamState state ? state.pendingBytes() : 0;
  }

  @Override
  public void updateStreamableBytes(StreamState state) {
    state.stream().setProperty(key, state);
    even.updateStreamableBytes(state);
  }

  @Override
  public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
    even.updateDependencyTree(child, parent, weight, exclusive);
  }

  @Override
  public boolean distribute(int maxBytes, Writer writer) throws Http2Exception {
    return even.distribute(maxBytes, writer);
  }
}
