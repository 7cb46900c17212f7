package io.skein.chaos.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A queue of the kernel's packet filter: what a rule `-j NFQUEUE` puts there waits until somebody
/// has decided about it. Spoken to over a netlink socket (linux/netfilter/nfnetlink_queue.h), so
/// nothing but the JDK is needed. Needs CAP_NET_ADMIN in the network namespace of the process.
///
/// One thread may take, another one release.
final class PacketQueue {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_NETFILTER = 12;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_NO_ENOBUFS = 5;
  private static final short ERROR = 2;
  private static final short REQUEST = 1;
  private static final short ACKNOWLEDGE = 4;
  private static final short PACKET = 0x300;
  private static final short VERDICT = 0x301;
  private static final short CONFIGURE = 0x302;
  private static final short COMMAND = 1;
  private static final short COPY = 2;
  private static final short LENGTH = 3;
  private static final short HEADER = 1;
  private static final short DECISION = 2;
  private static final byte BIND = 1;
  private static final byte IDS_ONLY = 1;
  private static final int ACCEPT = 1;
  private static final int HEADER_BYTES = 20;
  private static final int ATTRIBUTE_BYTES = 4;
  private static final int MOST_PACKETS = 20_000;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LENGTH_MASK = 0xFFFF;
  private static final int TYPE_MASK = 0x3FFF;

  private final short number;
  private final int socket;
  private final MethodHandle send;
  private final MethodHandle receive;
  private final MemorySegment buffer = Arena.global().allocate(BUFFER_BYTES);

  /// Binds to a queue, which from now on is this one's.
  ///
  /// @throws IOException if the kernel does not let us, or has no such queues
  PacketQueue(int number) throws IOException {
    this.number = (short) number;
    send =
        function(
            "send",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    receive =
        function(
            "recv",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    MethodHandle open =
        function(
            "socket",
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);
    MethodHandle option =
        function(
            "setsockopt",
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT);
    socket = (int) called(open, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    MemorySegment on = Arena.global().allocateFrom(ValueLayout.JAVA_INT, 1);
    // Without it a flood of packets ends the next call with an error instead of being dropped.
    if (socket < 0
        || (int) called(option, socket, SOL_NETLINK, NETLINK_NO_ENOBUFS, on, Integer.BYTES) != 0) {
      throw new IOException("no netlink socket to the packet filter");
    }
    configure(COMMAND, new byte[] {BIND, 0, 0, 0});
    configure(COPY, new byte[] {0, 0, 0, 0, IDS_ONLY});
    configure(LENGTH, ByteBuffer.allocate(Integer.BYTES).putInt(MOST_PACKETS).array());
  }

  private void configure(short attribute, byte[] payload) throws IOException {
    write(message(CONFIGURE, (short) (REQUEST | ACKNOWLEDGE), number, attribute, payload));
    int answer = error(read());
    if (answer != 0) {
      throw new IOException("the packet filter has no queues here: error " + answer);
    }
  }

  /// Waits for packets and returns their numbers.
  List<Integer> take() throws IOException {
    return packets(read());
  }

  /// Lets a packet go on.
  void release(int packet) throws IOException {
    byte[] decision = ByteBuffer.allocate(2 * Integer.BYTES).putInt(ACCEPT).putInt(packet).array();
    write(message(VERDICT, REQUEST, number, DECISION, decision));
  }

  /// One message with one attribute. Lengths and types are in the machine's order, all that is of
  /// the packet filter in the network's.
  static byte[] message(short type, short flags, short queue, short attribute, byte[] payload) {
    int padded = (payload.length + ATTRIBUTE_BYTES - 1) / ATTRIBUTE_BYTES * ATTRIBUTE_BYTES;
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + ATTRIBUTE_BYTES + padded).order(ByteOrder.nativeOrder());
    out.putInt(out.capacity()).putShort(type).putShort(flags).putLong(0);
    out.putShort((short) 0).order(ByteOrder.BIG_ENDIAN).putShort(queue);
    out.order(ByteOrder.nativeOrder())
        .putShort((short) (ATTRIBUTE_BYTES + payload.length))
        .putShort(attribute)
        .put(payload);
    return out.array();
  }

  /// The numbers of the packets that these messages tell of.
  static List<Integer> packets(ByteBuffer messages) {
    List<Integer> found = new ArrayList<>();
    ByteBuffer in = messages.duplicate().order(ByteOrder.nativeOrder());
    while (in.remaining() >= HEADER_BYTES) {
      int at = in.position();
      int size = in.getInt(at);
      if (size < HEADER_BYTES || size > in.remaining()) {
        return found;
      }
      if (in.getShort(at + Integer.BYTES) == PACKET) {
        header(in, at + HEADER_BYTES, at + size).ifPresent(found::add);
      }
      in.position(Math.min(in.limit(), at + aligned(size)));
    }
    return found;
  }

  private static Optional<Integer> header(ByteBuffer in, int from, int to) {
    for (int at = from; at + 2 * ATTRIBUTE_BYTES <= to; ) {
      int size = in.getShort(at) & LENGTH_MASK;
      if ((in.getShort(at + Short.BYTES) & TYPE_MASK) == HEADER) {
        return Optional.of(in.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(at + ATTRIBUTE_BYTES));
      }
      at += Math.max(ATTRIBUTE_BYTES, aligned(size));
    }
    return Optional.empty();
  }

  private static int aligned(int size) {
    return (size + ATTRIBUTE_BYTES - 1) / ATTRIBUTE_BYTES * ATTRIBUTE_BYTES;
  }

  /// What an acknowledgement says; 0 is good. Anything else than one is no answer of the kernel's.
  private static int error(ByteBuffer message) {
    ByteBuffer in = message.duplicate().order(ByteOrder.nativeOrder());
    return in.remaining() >= HEADER_BYTES && in.getShort(Integer.BYTES) == ERROR
        ? in.getInt(HEADER_BYTES - Integer.BYTES)
        : -1;
  }

  private ByteBuffer read() throws IOException {
    long bytes = (long) called(receive, socket, buffer, (long) BUFFER_BYTES, 0);
    if (bytes < 0) {
      throw new IOException("the packet filter does not answer");
    }
    return buffer.asSlice(0, bytes).asByteBuffer();
  }

  private void write(byte[] message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      if ((long) called(send, socket, bytes, (long) message.length, 0) != message.length) {
        throw new IOException("the packet filter does not listen");
      }
    }
  }

  @SuppressWarnings("restricted") // Sockets of this family are not the JDK's.
  private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  private static Object called(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
