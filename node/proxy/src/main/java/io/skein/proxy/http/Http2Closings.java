package io.skein.proxy.http;

import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;

/// Tells a link which of its streams ended.
final class Http2Closings extends Http2ConnectionAdapter {
  private final Http2Link link;

  Http2Closings(Http2Link link) {
    this.link = link;
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    link.streamClosed(stream);
  }
}
