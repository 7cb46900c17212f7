package io.skein.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Reads answers with a `Content-Length` from a channel that does not block, one after the other.
final class AnswerReader {
  private static final ByteBuffer BYTES = ByteBuffer.allocateDirect(256 << 10);
  private static final int MOST_HEAD = 8 << 10;

  private final byte[] head = new byte[MOST_HEAD];
  private int headBytes;
  private long bodyLeft = -1;

  /// Reads what has come.
  ///
  /// @return whether an answer is complete
  boolean complete(ReadableByteChannel channel) throws IOException {
    while (true) {
      BYTES.clear();
      int count = channel.read(BYTES);
      if (count < 0) {
        throw new EOFException("the connection was closed");
      }
      if (count == 0) {
        return false;
      }
      BYTES.flip();
      while (bodyLeft < 0 && BYTES.hasRemaining()) {
        headByte(BYTES.get());
      }
      if (bodyLeft >= 0) {
        bodyLeft -= BYTES.remaining();
        if (bodyLeft == 0) {
          bodyLeft = -1;
          return true;
        }
      }
    }
  }

  private void headByte(byte next) throws IOException {
    if (headBytes == MOST_HEAD) {
      throw new IOException("a head of more than " + MOST_HEAD + " bytes");
    }
    head[headBytes++] = next;
    if (headBytes >= 4
        && next == '\n'
        && head[headBytes - 2] == '\r'
        && head[headBytes - 3] == '\n') {
      bodyLeft = length(new String(head, 0, headBytes, StandardCharsets.ISO_8859_1));
      headBytes = 0;
    }
  }

  private static long length(String text) throws IOException {
    if (!text.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered: " + text.lines().findFirst().orElse(""));
    }
    for (String line : text.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Long.parseLong(line.substring("content-length:".length()).strip());
      }
    }
    throw new IOException("an answer without Content-Length");
  }
}
