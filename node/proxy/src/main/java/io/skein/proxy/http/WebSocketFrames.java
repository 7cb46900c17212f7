package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;

/// Follows one direction of a WebSocket from frame to frame (RFC 6455 §5.2) without looking into
/// them: knows where one ends, because only there another may be put in. Event loop only.
final class WebSocketFrames {
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private int have;
  private int need;
  private int mask;
  private long length;
  private long payloadLeft;

  /// Whether everything so far was whole frames.
  boolean between() {
    return have == 0 && payloadLeft == 0;
  }

  /// Goes through readable bytes.
  ///
  /// @param stop whether to stop where a frame ends
  /// @return the index behind the last byte gone through
  int follow(ByteBuf data, boolean stop) {
    int at = data.readerIndex();
    int end = data.writerIndex();
    while (at < end) {
      if (payloadLeft > 0) {
        long count = Math.min(payloadLeft, end - at);
        at += (int) count;
        payloadLeft -= count;
      } else {
        header(data.getByte(at++) & 0xff);
      }
      if (stop && between()) {
        return at;
      }
    }
    return at;
  }

  private void header(int octet) {
    have++;
    if (have == 1) {
      need = 2;
    } else if (have == 2) {
      int first = octet & ~MASKED;
      mask = (octet & MASKED) == 0 ? 0 : 4;
      length = first < TWO_BYTES ? first : 0;
      need = 2 + (first < TWO_BYTES ? 0 : first < EIGHT_BYTES ? 2 : 8) + mask;
    } else if (have <= need - mask) {
      length = length << 8 | octet;
    }
    if (have == need && have > 1) {
      have = 0;
      // A length with its highest bit set is none; whatever comes, no frame ends any more.
      payloadLeft = length < 0 ? Long.MAX_VALUE : length;
    }
  }
}
