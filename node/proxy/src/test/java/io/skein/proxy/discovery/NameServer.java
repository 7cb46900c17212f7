package io.skein.proxy.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A name server on a UDP socket of the loopback, whose records a test changes as it likes.
final class NameServer implements AutoCloseable {
  private static final int A = 1;
  private static final int CNAME = 5;
  private static final int AAAA = 28;
  private static final int SRV = 33;
  private static final int NXDOMAIN = 3;
  private static final int SERVFAIL = 2;

  private final DatagramSocket socket;
  private final Map<String, List<Entry>> zone = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile boolean silent;
  volatile boolean failing;

  /// One record.
  record Entry(int type, int ttlSeconds, byte[] data) {}

  NameServer() throws SocketException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("name-server").start(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  NameServer says(String name, Entry... entries) {
    zone.put(name, List.of(entries));
    return this;
  }

  void forgets(String name) {
    zone.remove(name);
  }

  static Entry a(int ttlSeconds, int last) {
    return new Entry(A, ttlSeconds, new byte[] {10, 0, 0, (byte) last});
  }

  static Entry aaaa(int ttlSeconds, int last) {
    byte[] address = new byte[16];
    address[0] = (byte) 0xfd;
    address[15] = (byte) last;
    return new Entry(AAAA, ttlSeconds, address);
  }

  static Entry srv(int ttlSeconds, int priority, int weight, int port, String target)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(priority);
    out.writeShort(weight);
    out.writeShort(port);
    name(out, target);
    return new Entry(SRV, ttlSeconds, bytes.toByteArray());
  }

  static Entry cname(int ttlSeconds, String target) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    name(new DataOutputStream(bytes), target);
    return new Entry(CNAME, ttlSeconds, bytes.toByteArray());
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      out.writeByte(label.length());
      out.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeByte(0);
  }

  private void serve() {
    byte[] buffer = new byte[1_500];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        byte[] answer = answer(query);
        if (!silent) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException _) {
        // Closed, or a packet that was none.
      }
    }
  }

  private byte[] answer(byte[] query) throws IOException {
    int at = 12;
    StringBuilder name = new StringBuilder();
    while (query[at] != 0) {
      String label = new String(query, at + 1, query[at], StandardCharsets.US_ASCII);
      name.append(name.isEmpty() ? "" : ".").append(label);
      at += query[at] + 1;
    }
    int type = (query[at + 1] & 0xff) << 8 | (query[at + 2] & 0xff);
    int questionEnd = at + 5;
    asked.add(name + " " + type);
    List<Entry> known = zone.get(name.toString());
    List<Entry> fitting =
        known == null
            ? List.of()
            : known.stream().filter(e -> e.type() == type || e.type() == CNAME).toList();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(query, 0, 2);
    out.writeByte(0x81);
    out.writeByte(0x80 | (failing ? SERVFAIL : known == null ? NXDOMAIN : 0));
    out.writeShort(1);
    out.writeShort(failing ? 0 : fitting.size());
    out.writeShort(0);
    out.writeShort(0);
    out.write(query, 12, questionEnd - 12);
    if (!failing) {
      for (Entry entry : fitting) {
        out.writeShort(0xc00c);
        out.writeShort(entry.type());
        out.writeShort(1);
        out.writeInt(entry.ttlSeconds());
        out.writeShort(entry.data().length);
        out.write(entry.data());
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
