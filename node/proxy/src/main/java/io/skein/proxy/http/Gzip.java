package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Makes one gzip stream (RFC 1952: one member, no name, no time) of pieces, and then another.
/// Holds some 256 KiB of native memory until [#end]. One thread.
final class Gzip {
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int LEAST_ROOM = 512;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final CRC32 sum = new CRC32();
  private long bytesIn;
  private long bytesOut;
  private boolean begun;

  /// Begins a stream.
  void begin(int level) {
    deflater.reset();
    deflater.setLevel(level);
    sum.reset();
    bytesIn = 0;
    bytesOut = 0;
    begun = false;
  }

  /// Takes a piece.
  ///
  /// @param data left to the caller
  /// @param last whether it is the stream's last
  /// @return what of the stream is ready; may be empty
  ByteBuf add(ByteBuf data, boolean last, ByteBufAllocator alloc) {
    int count = data.readableBytes();
    ByteBuf out = alloc.directBuffer(Math.max(LEAST_ROOM, count / 2));
    if (!begun) {
      begun = true;
      out.writeBytes(HEAD);
    }
    bytesIn += count;
    if (count > 0) {
      if (data.nioBufferCount() == 1) {
        feed(data.internalNioBuffer(data.readerIndex(), count), out);
      } else {
        for (ByteBuffer part : data.nioBuffers()) {
          feed(part, out);
        }
      }
    }
    if (last) {
      deflater.finish();
      while (!deflater.finished()) {
        deflate(out, Deflater.NO_FLUSH);
      }
      out.writeIntLE((int) sum.getValue()).writeIntLE((int) bytesIn);
    }
    bytesOut += out.readableBytes();
    return out;
  }

  /// Everything that was taken and not yet given, so that the other side can read it.
  ByteBuf flush(ByteBufAllocator alloc) {
    ByteBuf out = alloc.directBuffer(LEAST_ROOM);
    int room;
    do {
      room = deflate(out, Deflater.SYNC_FLUSH);
    } while (room == 0);
    bytesOut += out.readableBytes();
    return out;
  }

  private void feed(ByteBuffer part, ByteBuf out) {
    sum.update(part.duplicate());
    deflater.setInput(part);
    while (!deflater.needsInput()) {
      deflate(out, Deflater.NO_FLUSH);
    }
  }

  /// @return the room that is left; 0 if there may be more to write
  private int deflate(ByteBuf out, int flush) {
    out.ensureWritable(LEAST_ROOM);
    int room = out.writableBytes();
    int written = deflater.deflate(out.internalNioBuffer(out.writerIndex(), room), flush);
    out.writerIndex(out.writerIndex() + written);
    return room - written;
  }

  /// Bytes taken so far.
  long bytesIn() {
    return bytesIn;
  }

  /// Bytes given so far.
  long bytesOut() {
    return bytesOut;
  }

  /// Gives the memory back.
  void end() {
    deflater.end();
  }
}
