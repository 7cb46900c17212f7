package io.skein.proxy.http;

/// Bounds of connections in HTTP/2, to clients and to endpoints.
///
/// A connection's window is the sum of what its streams may have in it, so that no stream that is
/// stuck can hold up another: `streams` times `streamWindow`, which every stream has, and
/// `sharedWindow`, from which those that move are lent [#LENT] windows more each, as long as it
/// lasts.
///
/// @param streams at once on a connection, 1 to 10,000; beyond: REFUSED_STREAM
/// @param streamWindow what a peer may send ahead on a stream, 16 KiB to 16 MiB. Higher: bodies
///   come faster over long ways; lower: less memory for those that are stuck
/// @param sharedWindow lent to those that move, 0 to 256 MiB
/// @param heldBytes of bodies that one client's connection may make us hold because no endpoint
///   takes them, 256 KiB to 1 GiB. Higher: more uploads at once to slow endpoints over one
///   connection; lower: less memory for one that means harm. The answers at it: [Http2Held]
/// @param headerListBytes of a request's fields, each with 32 for itself (RFC 9113 §6.5.2), 1 KiB
///   to 1 MiB; beyond: 431, and from four times as many the connection ends
/// @param resets that a client may send or cause in 10 s, 10 to 100,000; beyond: cut off
/// @param controlFrames that move nothing, a second, 1 to 100,000, and 20 times as many at once;
///   beyond: cut off
public record Http2Config(
    int streams,
    int streamWindow,
    int sharedWindow,
    int heldBytes,
    int headerListBytes,
    int resets,
    int controlFrames) {
  /// 128 streams of 64 KiB, 1 MiB to lend, 4 MiB held, 32 KiB of fields, 200 resets, 20 control
  /// frames.
  public static final Http2Config DEFAULT =
      new Http2Config(128, 64 << 10, 1 << 20, 4 << 20, 32 << 10, 200, 20);

  /// How many stream windows are lent to one stream at once.
  static final int LENT = 3;

  public Http2Config {
    within("streams", streams, 1, 10_000);
    within("streamWindow", streamWindow, 16 << 10, 16 << 20);
    within("sharedWindow", sharedWindow, 0, 256 << 20);
    within("heldBytes", heldBytes, 256 << 10, 1 << 30);
    within("headerListBytes", headerListBytes, 1 << 10, 1 << 20);
    within("resets", resets, 10, 100_000);
    within("controlFrames", controlFrames, 1, 100_000);
    if (connectionWindow(streams, streamWindow, sharedWindow) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "streams: " + streams + " (expected: all windows together below 2 GiB)");
    }
  }

  /// What a peer may send ahead on a connection.
  int connectionWindow() {
    return (int) connectionWindow(streams, streamWindow, sharedWindow);
  }

  // A tenth of what was taken may not be given back yet: see Http2Link.
  private static long connectionWindow(int streams, int streamWindow, int sharedWindow) {
    return ((long) streams * streamWindow + sharedWindow) * 10 / 9 + 1;
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }
}
