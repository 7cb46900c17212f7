package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {
  private static void frame(ByteBuf out, int length, boolean masked) {
    int mask = masked ? 0x80 : 0;
    out.writeByte(0x82);
    if (length < 126) {
      out.writeByte(mask | length);
    } else if (length < 1 << 16) {
      out.writeByte(mask | 126).writeShort(length);
    } else {
      out.writeByte(mask | 127).writeLong(length);
    }
    out.writeZero(length + (masked ? 4 : 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsTheEndOfEveryFrameHoweverTheyAreCut(long seed) {
    Random random = new Random(seed);
    int[] lengths = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000};
    ByteBuf all = Unpooled.buffer();
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      frame(all, lengths[random.nextInt(lengths.length)], random.nextBoolean());
      ends.add(all.writerIndex());
    }
    WebSocketFrames frames = new WebSocketFrames();
    List<Integer> found = new ArrayList<>();
    int at = 0;
    while (at < all.writerIndex()) {
      int count = Math.min(all.writerIndex() - at, 1 + random.nextInt(30_000));
      ByteBuf part = all.slice(at, count);
      while (part.isReadable()) {
        int before = part.readerIndex();
        part.readerIndex(frames.follow(part, true));
        if (frames.between()) {
          found.add(at + part.readerIndex());
        } else {
          assertEquals(count, part.readerIndex(), () -> "from " + before);
        }
      }
      at += count;
    }
    assertEquals(ends, found);
  }

  @Test
  void neverEndsAFrameOfAnImpossibleLength() {
    WebSocketFrames frames = new WebSocketFrames();
    assertTrue(frames.between());
    ByteBuf data = Unpooled.buffer().writeShort(0x827f).writeLong(-1).writeZero(1_000);
    assertEquals(data.writerIndex(), frames.follow(data, true));
    assertFalse(frames.between());
  }
}
