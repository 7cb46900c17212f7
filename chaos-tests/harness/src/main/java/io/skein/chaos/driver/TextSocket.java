package io.skein.chaos.driver;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A connection on which texts go to and fro, each whole: as much of WebSocket (RFC 6455) as that
/// needs. One thread.
///
/// An [IOException] is its end, but for a [ProtocolException]: bytes came that are no frame, as
/// after some that were lost.
public final class TextSocket implements AutoCloseable {
  /// Most bytes of a text.
  public static final int MOST_BYTES = 0xFFFF;

  private static final String PROOF = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String KEY = "sec-websocket-key";
  private static final String ACCEPT = "sec-websocket-accept";
  private static final String UPGRADE = "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  private static final int MOST_HEAD = 16 << 10;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int MASKED = 0x80;
  private static final int LONGER = 126;
  private static final int MASK_BYTES = 4;
  private static final int KEY_BYTES = 16;

  private final Socket socket;
  private final DataInputStream in;
  private final Optional<RandomGenerator> masks;

  private TextSocket(Socket socket, Optional<RandomGenerator> masks) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.masks = masks;
    socket.setTcpNoDelay(true);
  }

  /// Connects.
  ///
  /// @param host which service is asked for
  /// @param millis for the connection, and for each later silence
  /// @param random draws the key and the masks
  /// @throws IOException if nobody answers, or with a refusal
  public static TextSocket dial(
      HostPort to, String host, String path, int millis, RandomGenerator random)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(to.socketAddress(), millis);
      socket.setSoTimeout(millis);
      byte[] nonce = new byte[KEY_BYTES];
      random.nextBytes(nonce);
      String key = Base64.getEncoder().encodeToString(nonce);
      TextSocket dialled = new TextSocket(socket, Optional.of(random));
      dialled.write(
          ("GET " + path + " HTTP/1.1\r\nHost: " + host + UPGRADE)
              + ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n"));
      String head = dialled.head();
      if (!head.startsWith("HTTP/1.1 101 ")
          || !field(head, ACCEPT).equals(Optional.of(accept(key)))) {
        throw new IOException("refused: " + head.lines().findFirst().orElse("no answer"));
      }
      return dialled;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// The other side of [#dial]. Whoever wants something else is answered with 200.
  ///
  /// @return empty if that was so; the socket is closed then
  static Optional<TextSocket> accept(Socket socket) throws IOException {
    TextSocket accepted = new TextSocket(socket, Optional.empty());
    Optional<String> key = field(accepted.head(), KEY);
    if (key.isEmpty()) {
      accepted.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      socket.close();
      return Optional.empty();
    }
    accepted.write(
        ("HTTP/1.1 101 Switching Protocols" + UPGRADE)
            + ("Sec-WebSocket-Accept: " + accept(key.get()) + "\r\n\r\n"));
    return Optional.of(accepted);
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + PROOF).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String head) throws IOException {
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
      if (head.length() > MOST_HEAD) {
        throw new IOException("a head without an end");
      }
    }
    return head.toString();
  }

  private static Optional<String> field(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /// Sends a text.
  public void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "text: " + bytes.length + " bytes (expected: <= " + MOST_BYTES + ")");
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.length + 8);
    DataOutputStream frame = new DataOutputStream(whole);
    frame.writeByte(TEXT);
    int masked = masks.isPresent() ? MASKED : 0;
    frame.writeByte(masked | Math.min(bytes.length, LONGER));
    if (bytes.length >= LONGER) {
      frame.writeShort(bytes.length);
    }
    if (masks.isPresent()) {
      byte[] mask = new byte[MASK_BYTES];
      masks.get().nextBytes(mask);
      frame.write(mask);
      mask(bytes, mask);
    }
    frame.write(bytes);
    whole.writeTo(socket.getOutputStream());
  }

  private static void mask(byte[] bytes, byte[] mask) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= mask[i % MASK_BYTES];
    }
  }

  /// The next text, once all of it has come.
  public String receive() throws IOException {
    int sort = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    if (sort == CLOSE) {
      throw new EOFException("the other side says goodbye");
    }
    int length = second & ~MASKED;
    if (sort != TEXT || length > LONGER) {
      throw new ProtocolException("no frame of text: " + Integer.toHexString(sort << 8 | second));
    }
    if (length == LONGER) {
      length = in.readUnsignedShort();
    }
    byte[] mask = new byte[MASK_BYTES];
    if ((second & MASKED) != 0) {
      in.readFully(mask);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    mask(bytes, mask);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
