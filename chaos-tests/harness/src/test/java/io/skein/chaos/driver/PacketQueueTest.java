package io.skein.chaos.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketQueueTest {
  private static final short PACKET = 0x300;
  private static final short MARK = 3;
  private static final short HEADER = 1;

  private static byte[] packet(short type, short attribute, int number) {
    byte[] header = ByteBuffer.allocate(7).putInt(number).array();
    return PacketQueue.message(type, (short) 0, (short) 77, attribute, header);
  }

  private static ByteBuffer joined(byte[]... messages) {
    ByteBuffer all = ByteBuffer.allocate(1_024);
    for (byte[] message : messages) {
      all.put(message);
    }
    return all.flip();
  }

  @Test
  void aMessageHasItsOwnNumbersInTheMachinesOrderAndTheFiltersInTheNetworks() {
    byte[] message =
        PacketQueue.message((short) 0x302, (short) 5, (short) 0x0102, (short) 2, new byte[] {9});

    ByteBuffer expected = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
    expected.putInt(28).putShort((short) 0x302).putShort((short) 5).putLong(0);
    expected.put(new byte[] {0, 0, 1, 2});
    expected.putShort((short) 5).putShort((short) 2).put((byte) 9);
    assertArrayEquals(expected.array(), message);
  }

  @Test
  void ofSeveralMessagesThePacketsAreTakenInOrder() {
    ByteBuffer all =
        joined(
            packet(PACKET, HEADER, 0x01020304),
            packet((short) 2, HEADER, 5),
            packet(PACKET, MARK, 6),
            packet(PACKET, HEADER, 7));

    assertEquals(List.of(0x01020304, 7), PacketQueue.packets(all));
  }

  @Test
  void whatIsCutOffIsNoPacket() {
    ByteBuffer all = joined(packet(PACKET, HEADER, 1), packet(PACKET, HEADER, 2));

    assertEquals(List.of(1), PacketQueue.packets(all.limit(all.limit() - 4)));
    assertEquals(List.of(), PacketQueue.packets(all.limit(10)));
  }

  @Test
  void theKernelsListTellsHowManyPacketsWereHeld() {
    String list =
        "    3   4711     0 1     0     0     0       99  1\n"
            + "   77  26233    12 1     0     0     0     4321  1\n";

    assertEquals(4_321, FilterLinks.queued(list));
    assertEquals(0, FilterLinks.queued(""));
  }
}
