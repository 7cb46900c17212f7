package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes one connection's HTTP/1.1 messages. Heads and small bodies are gathered into one buffer,
/// large body parts go out as they came in, without a copy. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in exceptionCaught
final class Outgoing implements Sender {
  /// Below this a copy is cheaper than another entry in a gathering write.
  private static final int COPY_BYTES = 16 << 10;

  private static final int SPARE_BYTES = 256;
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Channel channel;
  private final Worker worker;
  private @Nullable ByteBuf gathered;
  private boolean dirty;

  Outgoing(Channel channel, Worker worker) {
    this.channel = channel;
    this.worker = worker;
  }

  /// Writes a finished head.
  ///
  /// @param bodyBytes how much body is known to follow, 0 if unknown or none
  void head(HeadBuffer head, long bodyBytes) {
    int spare = (int) Math.min(Math.max(bodyBytes, 0), COPY_BYTES);
    head.copyTo(room(head.length() + spare, head.length()));
  }

  /// Writes body bytes as they are; takes over `data`.
  void data(ByteBuf data) {
    int count = data.readableBytes();
    if (count == 0) {
      data.release();
      return;
    }
    ByteBuf out = gathered;
    if (out != null && count <= COPY_BYTES && out.writableBytes() >= count) {
      out.writeBytes(data);
      data.release();
      return;
    }
    push();
    mark();
    channel.write(data, channel.voidPromise());
  }

  /// Writes body bytes as one chunk; takes over `data`.
  void chunk(ByteBuf data) {
    int count = data.readableBytes();
    if (count == 0) {
      data.release();
      return;
    }
    int frame = count <= COPY_BYTES ? count + 12 : 12;
    ByteBuf out = room(frame + SPARE_BYTES, frame);
    for (int shift = (31 - Integer.numberOfLeadingZeros(count)) / 4 * 4; shift >= 0; shift -= 4) {
      out.writeByte(HEX[count >>> shift & 0xf]);
    }
    out.writeByte('\r').writeByte('\n');
    data(data);
    room(SPARE_BYTES, 2).writeByte('\r').writeByte('\n');
  }

  /// Ends a chunked body.
  void lastChunk(Fields trailers) {
    if (trailers.count() == 0) {
      room(LAST_CHUNK.length, LAST_CHUNK.length).writeBytes(LAST_CHUNK);
      return;
    }
    HeadBuffer tail = worker.head.clear().add("0\r\n");
    for (int i = 0; i < trailers.count(); i++) {
      tail.field(trailers.name(i), trailers.value(i));
    }
    head(tail.line(), 0);
  }

  @Override
  public void flush() {
    if (!dirty) {
      return;
    }
    dirty = false;
    push();
    channel.flush();
  }

  /// Sends what was written last; done once the system has taken it.
  ChannelFuture end() {
    dirty = false;
    ByteBuf out = gathered;
    gathered = null;
    return channel.writeAndFlush(out == null ? Unpooled.EMPTY_BUFFER : out);
  }

  /// Gives back what was gathered and never sent.
  void release() {
    ByteBuf out = gathered;
    gathered = null;
    if (out != null) {
      out.release();
    }
  }

  private ByteBuf room(int wanted, int needed) {
    ByteBuf out = gathered;
    if (out != null && out.writableBytes() < needed) {
      push();
      out = null;
    }
    if (out == null) {
      out = channel.alloc().directBuffer(wanted);
      gathered = out;
    }
    mark();
    return out;
  }

  private void push() {
    ByteBuf out = gathered;
    if (out != null) {
      gathered = null;
      channel.write(out, channel.voidPromise());
    }
  }

  private void mark() {
    if (!dirty) {
      dirty = true;
      worker.dirty.add(this);
    }
  }
}
