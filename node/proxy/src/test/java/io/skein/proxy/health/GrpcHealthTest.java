package io.skein.proxy.health;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GrpcHealthTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void writesTheRequestAsProtocolBuffersDo() {
    assertArrayEquals(hex("0000000000"), GrpcHealth.request(""));
    assertArrayEquals(hex("00000000050a03612e62"), GrpcHealth.request("a.b"));
    byte[] request = GrpcHealth.request("s".repeat(300));
    assertArrayEquals(hex("000000012f0aac02"), java.util.Arrays.copyOf(request, 8));
  }

  @Test
  void readsTheStatusAndSkipsWhatItDoesNotKnow() {
    assertEquals(OptionalInt.of(GrpcHealth.UNKNOWN), GrpcHealth.status(hex("0000000000")));
    assertEquals(OptionalInt.of(GrpcHealth.SERVING), GrpcHealth.status(hex("00000000020801")));
    assertEquals(
        OptionalInt.of(GrpcHealth.NOT_SERVING),
        GrpcHealth.status(hex("000000000b" + "1202ffff" + "1d01020304" + "0802")));
  }

  @Test
  void refusesWhatIsNoMessage() {
    for (String bad :
        new String[] {
          "",
          "00",
          "0100000000",
          "000000000108",
          "0000000003080101",
          "00000000020f01",
          "0000000003120508",
          "0000000002" + "0001",
          "000000000408ffffff",
          "ffffffffff08"
        }) {
      assertEquals(OptionalInt.empty(), GrpcHealth.status(hex(bad)), bad);
    }
  }

  @Test
  void survivesAnyBytes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[random.nextInt(12)];
      random.nextBytes(body);
      byte[] frame = new byte[body.length + 5];
      frame[4] = (byte) body.length;
      System.arraycopy(body, 0, frame, 5, body.length);
      GrpcHealth.status(frame);
    }
  }
}
