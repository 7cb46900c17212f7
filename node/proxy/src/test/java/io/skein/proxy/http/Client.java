package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A client on a raw socket.
final class Client implements AutoCloseable {
  final Socket socket;
  final InputStream in;

  /// An answer.
  record Answer(int status, String head, String body) {
    /// The value of a field; empty if absent; all values joined by " | " if there are several.
    String field(String name) {
      StringBuilder values = new StringBuilder();
      for (String line : head.split("\r\n")) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
          values.append(values.isEmpty() ? "" : " | ").append(line.substring(colon + 1).strip());
        }
      }
      return values.toString();
    }

    /// Fails unless this is one of the proxy's own answers.
    void assertProblem(int status, String reason) {
      assertEquals(status, status());
      assertEquals("application/problem+json", field("content-type"));
      assertEquals(reason, field("skein-reason"));
      for (String part :
          new String[] {
            "\"type\":\"/problems/SK",
            "\"title\":\"",
            "\"status\":" + status,
            "\"detail\":\"",
            "\"code\":\"SK",
            "\"reason\":\"" + reason + "\""
          }) {
        assertTrue(body().contains(part), part + " in " + body());
      }
    }
  }

  Client(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  Client send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  Answer get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").answer();
  }

  Answer answer() throws IOException {
    return answer(false);
  }

  Answer answer(boolean toHead) throws IOException {
    String head = head();
    Answer bare = new Answer(Integer.parseInt(head.substring(9, 12)), head, "");
    String length = bare.field("content-length");
    String body = "";
    if (!toHead && bare.status() >= 200 && bare.status() != 204 && bare.status() != 304) {
      if (bare.field("transfer-encoding").toLowerCase(Locale.ROOT).equals("chunked")) {
        body = chunks();
      } else if (!length.isEmpty()) {
        int count = Integer.parseInt(length);
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
          throw new IOException("cut short at " + bytes.length + " of " + count);
        }
        body = new String(bytes, StandardCharsets.ISO_8859_1);
      } else {
        body = rest();
      }
    }
    return new Answer(bare.status(), head, body);
  }

  String head() throws IOException {
    String head = readUntil(in, "\r\n\r\n");
    if (head.isEmpty()) {
      throw new IOException("closed without an answer");
    }
    return head;
  }

  private String chunks() throws IOException {
    StringBuilder body = new StringBuilder();
    while (true) {
      String line = readUntil(in, "\r\n");
      if (line.isEmpty()) {
        throw new IOException("cut short within chunks after " + body.length());
      }
      int count = Integer.parseInt(line.strip(), 16);
      if (count == 0) {
        String trailers = "";
        for (String t = readUntil(in, "\r\n"); !t.equals("\r\n"); t = readUntil(in, "\r\n")) {
          trailers += t;
        }
        return body + (trailers.isEmpty() ? "" : "\n" + trailers.strip());
      }
      byte[] bytes = in.readNBytes(count + 2);
      if (bytes.length < count + 2) {
        throw new IOException("cut short within a chunk");
      }
      body.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    }
  }

  /// Everything up to the end of the connection.
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  static String readUntil(InputStream in, String end) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int last = end.charAt(end.length() - 1);
    for (int b; (b = in.read()) >= 0; ) {
      out.write(b);
      if (b == last && out.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
        return out.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
