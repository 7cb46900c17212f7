package io.skein.proxy.http;

import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/// What a peer may send ahead on one connection, and on each of its streams: see [Http2Config].
/// Event loop only.
final class Http2Windows {
  /// The connection's window is announced anew when that much of it is left, so that what was taken
  /// and is not yet given back is no more than [Http2Config#connectionWindow] has to spare.
  private static final float RENEWED_AT = 0.9f;

  private final DefaultHttp2LocalFlowController flow;
  private final int connectionWindow;
  private final int lent;
  private final int growsAt;
  private int toLend;

  Http2Windows(DefaultHttp2LocalFlowController flow, Http2Config config) {
    this.flow = flow;
    this.connectionWindow = config.connectionWindow();
    this.lent = Http2Config.LENT * config.streamWindow();
    this.growsAt = config.streamWindow() / 2;
    this.toLend = config.sharedWindow();
  }

  /// Opens the connection's window as far as it goes.
  ///
  /// @return whether that is to be sent
  boolean open(Http2Stream all) throws Http2Exception {
    flow.windowUpdateRatio(all, RENEWED_AT);
    int missing = connectionWindow - flow.initialWindowSize(all);
    if (missing > 0) {
      flow.incrementWindowSize(all, missing);
    }
    return missing > 0;
  }

  /// Lends a stream more if it moves enough to use it, and there is enough left.
  ///
  /// @param received on it so far, all of it taken
  /// @return whether it was lent; to be followed by one [#giveBack] when the stream is closed
  boolean lend(Http2Stream stream, long received) throws Http2Exception {
    if (received < growsAt || toLend < lent) {
      return false;
    }
    toLend -= lent;
    flow.incrementWindowSize(stream, lent);
    return true;
  }

  void giveBack() {
    toLend += lent;
  }
}
