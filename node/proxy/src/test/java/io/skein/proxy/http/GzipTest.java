package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GzipTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9})
  void anyPiecesMakeOneStreamThatOthersRead(int level) throws IOException {
    Random random = new Random(level);
    Gzip gzip = new Gzip();
    for (int round = 0; round < 20; round++) {
      out.reset();
      gzip.begin(level);
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      int pieces = random.nextInt(6);
      for (int i = 0; i < pieces; i++) {
        byte[] piece = new byte[random.nextInt(100_000)];
        if (random.nextBoolean()) {
          random.nextBytes(piece);
        }
        plain.write(piece);
        // Two parts, one on the heap: what a codec may hand over.
        int cut = piece.length / 3;
        ByteBuf data =
            Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(piece, 0, cut),
                Unpooled.directBuffer().writeBytes(piece, cut, piece.length - cut));
        take(gzip.add(data, false, ByteBufAllocator.DEFAULT));
        data.release();
        if (random.nextInt(3) == 0) {
          take(gzip.flush(ByteBufAllocator.DEFAULT));
        }
      }
      take(gzip.add(Unpooled.EMPTY_BUFFER, true, ByteBufAllocator.DEFAULT));

      assertArrayEquals(plain.toByteArray(), unzip(out.toByteArray()));
      assertEquals(plain.size(), gzip.bytesIn());
      assertEquals(out.size(), gzip.bytesOut());
    }
    gzip.end();
  }

  @Test
  void whatIsFlushedCanBeRead() throws IOException {
    Gzip gzip = new Gzip();
    gzip.begin(6);
    for (String event : List.of("one", "two", "three")) {
      ByteBuf data =
          Unpooled.wrappedBuffer(event.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      take(gzip.add(data, false, ByteBufAllocator.DEFAULT));
      data.release();
      take(gzip.flush(ByteBufAllocator.DEFAULT));
      byte[] sofar = new byte[64];
      int count = 0;
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
        for (int b; count < sofar.length && (b = in.read()) >= 0; count++) {
          sofar[count] = (byte) b;
        }
      } catch (java.io.EOFException e) {
        // The stream has not ended yet.
      }
      assertTrue(
          new String(sofar, 0, count, java.nio.charset.StandardCharsets.UTF_8).endsWith(event));
    }
    gzip.end();
  }

  @Test
  void onlySoManyAreAtWorkAtOnce() {
    Gzips gzips = new Gzips();
    List<Gzip> taken = new ArrayList<>();
    for (int i = 0; i < Gzips.MOST; i++) {
      taken.add(Objects.requireNonNull(gzips.take(1)));
    }
    assertNull(gzips.take(1));
    taken.forEach(gzips::give);
    assertEquals(0, gzips.atWork());
    gzips.give(Objects.requireNonNull(gzips.take(1)));
    gzips.end();
  }

  private void take(ByteBuf data) throws IOException {
    data.readBytes(out, data.readableBytes());
    data.release();
  }

  static byte[] unzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] all = in.readAllBytes();
      return Arrays.copyOf(all, all.length);
    }
  }
}
