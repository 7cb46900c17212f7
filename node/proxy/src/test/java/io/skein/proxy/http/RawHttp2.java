package io.skein.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A client of HTTP/2 on a raw socket that sends exactly the frames a test says.
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  static final int ENHANCE_YOUR_CALM = 11;

  final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private boolean updates = true;
  private int next = 1;

  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  /// @param reset the code of RST_STREAM, or -1
  record Answer(
      int status,
      Map<String, String> fields,
      String body,
      Map<String, String> trailers,
      int reset) {}

  RawHttp2(Socket socket, int... settings) throws IOException {
    this(socket, false, settings);
  }

  /// @param server whether the other side opened the connection
  RawHttp2(Socket socket, boolean server, int... settings) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    if (server) {
      if (!java.util.Arrays.equals(preface, in.readNBytes(preface.length))) {
        throw new IOException("no preface");
      }
    } else {
      out.write(preface);
    }
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    frame(SETTINGS, 0, 0, payload.array());
  }

  RawHttp2(int port, int... settings) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port), settings);
  }

  /// Gives nothing back into the proxy's windows from now on.
  RawHttp2 greedy() {
    updates = false;
    return this;
  }

  RawHttp2 frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.write(bytes(type, flags, stream, payload));
    return this;
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /// Sends many frames at once.
  RawHttp2 raw(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      text(block, fields[i]);
      text(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      while (rest >= 128) {
        block.write(rest % 128 + 128);
        rest /= 128;
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  static String[] request(String method, String path, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "test"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /// Opens a stream.
  ///
  /// @return its id
  int open(boolean last, String... fields) throws IOException {
    int id = next;
    next += 2;
    frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), id, block(fields));
    return id;
  }

  /// Leaves a stream's id to the test.
  RawHttp2 skip() {
    next += 2;
    return this;
  }

  RawHttp2 data(int stream, String text, boolean last) throws IOException {
    return frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Frame read() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    if (type == SETTINGS && (flags & ACK) == 0) {
      frame(SETTINGS, ACK, 0, new byte[0]);
    } else if (type == DATA && length > 0 && updates) {
      byte[] increment = ByteBuffer.allocate(4).putInt(length).array();
      frame(WINDOW_UPDATE, 0, 0, increment);
      if ((flags & END_STREAM) == 0) {
        frame(WINDOW_UPDATE, 0, stream, increment);
      }
    }
    return new Frame(type, flags, stream, payload);
  }

  /// The next frame of that type.
  Frame next(int type) throws IOException {
    for (Frame frame = read(); ; frame = read()) {
      if (frame.type() == type) {
        return frame;
      }
      if (frame.type() == GOAWAY) {
        throw new IOException("GOAWAY " + frame.code());
      }
    }
  }

  /// Reads until GOAWAY, or the end.
  ///
  /// @return its code, or -1
  int goAway() throws IOException {
    try {
      while (true) {
        Frame frame = read();
        if (frame.type() == GOAWAY) {
          return frame.code();
        }
      }
    } catch (java.io.EOFException | java.net.SocketException e) {
      return -1;
    }
  }

  Answer get(String path) throws IOException {
    return answer(open(true, request("GET", path)));
  }

  /// Answers a stream.
  RawHttp2 respond(int stream, String body) throws IOException {
    frame(HEADERS, END_HEADERS, stream, block(":status", "200"));
    return data(stream, body, true);
  }

  Map<String, String> fields(Frame headers) throws IOException {
    try {
      Http2Headers decoded =
          decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
      Map<String, String> fields = new LinkedHashMap<>();
      decoded.forEach(field ->
          fields.merge(
              field.getKey().toString(), field.getValue().toString(), (a, b) -> a + " | " + b));
      return fields;
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /// Reads the whole answer on a stream; other streams' frames are dropped.
  Answer answer(int stream) throws IOException {
    Map<String, String> head = Map.of();
    Map<String, String> trailers = Map.of();
    StringBuilder body = new StringBuilder();
    int status = 0;
    while (true) {
      Frame frame = read();
      if (frame.type() == GOAWAY) {
        throw new IOException(
            "GOAWAY "
                + frame.code()
                + " "
                + new String(
                    frame.payload(), 8, frame.payload().length - 8, StandardCharsets.ISO_8859_1));
      }
      if (frame.type() == HEADERS) {
        Map<String, String> fields = fields(frame);
        if (frame.stream() == stream && fields.containsKey(":status")) {
          head = fields;
          status = Integer.parseInt(fields.get(":status"));
        } else if (frame.stream() == stream) {
          trailers = fields;
        }
      }
      if (frame.stream() == stream) {
        if (frame.type() == RST_STREAM) {
          return new Answer(status, head, body.toString(), trailers, frame.code());
        }
        if (frame.type() == DATA) {
          body.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
        }
        if (frame.ends()) {
          return new Answer(status, head, body.toString(), trailers, -1);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
