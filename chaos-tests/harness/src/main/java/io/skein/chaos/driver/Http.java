package io.skein.chaos.driver;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// HTTP/1.1, one connection a request, nothing ever repeated: a client that knows what it knows.
/// What cannot have been sent is told apart from what may have been done.
public final class Http {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int OK = 200;
  private static final int MAX_HEAD = 64 << 10;
  private static final int MAX_BODY = 64 << 20;
  private static final String SET_COOKIE = "set-cookie:";

  private Http() {}

  /// What came of a request.
  public sealed interface Outcome {
    /// The status of an answer; 0 if there was none.
    default int status() {
      return this instanceof Answer answer ? answer.code() : 0;
    }

    /// The JSON of an answer; nothing if it is none or there was none.
    default Json json() {
      try {
        return this instanceof Answer answer ? Json.parse(answer.body()) : Json.NOTHING;
      } catch (MalformedHistory _) {
        return Json.NOTHING;
      }
    }

    /// What was told with status 200, if all these members are there.
    default Optional<Json> told(String... members) {
      Json json = status() == OK ? json() : Json.NOTHING;
      return Arrays.stream(members).anyMatch(name -> json.member(name).equals(Json.NOTHING))
          ? Optional.empty()
          : Optional.of(json);
    }

    /// Whether it was answered with any 2xx.
    default boolean good() {
      return status() / 100 == 2;
    }
  }

  /// An answer came, whole.
  ///
  /// @param head its lines from the status on, each with its line break
  public record Answer(int code, String head, String body) implements Outcome {
    /// What a cookie is set to, with its name; empty if it is not.
    public Optional<String> cookie(String name) {
      return head.lines()
          .map(String::strip)
          .filter(line -> line.regionMatches(true, 0, SET_COOKIE, 0, SET_COOKIE.length()))
          .map(line -> line.substring(SET_COOKIE.length()).split(";", 2)[0].strip())
          .filter(pair -> pair.startsWith(name + "="))
          .findFirst();
    }
  }

  /// Nobody took the connection: the request was never sent.
  public record NotSent(String reason) implements Outcome {}

  /// It was sent, and no whole answer came.
  public record Unknown(String reason) implements Outcome {}

  /// GET.
  public static Outcome get(HostPort to, String path, int timeoutMillis) {
    return send(to, "GET", path, "", timeoutMillis);
  }

  /// Sends a request and waits for its answer.
  ///
  /// @param body JSON, or empty for none
  /// @param timeoutMillis for the whole answer, at least 1
  public static Outcome send(
      HostPort to, String method, String path, String body, int timeoutMillis) {
    return send(to, to.toString(), method, path, body, timeoutMillis);
  }

  /// As above, with another name in the field Host.
  public static Outcome send(
      HostPort to, String host, String method, String path, String body, int timeoutMillis) {
    return send(to, host, method, path, body, "", CONNECT_MILLIS, timeoutMillis);
  }

  /// GET with a cookie.
  ///
  /// @param cookie name and value; empty for none
  public static Outcome get(
      HostPort to, String host, String path, String cookie, int timeoutMillis) {
    return send(to, host, "GET", path, "", cookie, CONNECT_MILLIS, timeoutMillis);
  }

  /// As above.
  ///
  /// @param connectMillis for the connection, at least 1
  public static Outcome send(
      HostPort to,
      String host,
      String method,
      String path,
      String body,
      int connectMillis,
      int timeoutMillis) {
    return send(to, host, method, path, body, "", connectMillis, timeoutMillis);
  }

  private static Outcome send(
      HostPort to,
      String host,
      String method,
      String path,
      String body,
      String cookie,
      int connectMillis,
      int timeoutMillis) {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
    try (Socket socket = new Socket()) {
      try {
        socket.connect(to.socketAddress(), Math.min(connectMillis, timeoutMillis));
      } catch (IOException e) {
        return new NotSent(reason(e));
      }
      socket.setTcpNoDelay(true);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String head =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nConnection: close\r\nContent-Length: "
              + bytes.length
              + (bytes.length == 0 ? "" : "\r\nContent-Type: application/json")
              + (cookie.isEmpty() ? "" : "\r\nCookie: " + cookie)
              + "\r\n\r\n";
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(bytes);
      socket.getOutputStream().write(out.toByteArray());
      return answer(new Limited(socket, deadline));
    } catch (IOException e) {
      return new Unknown(reason(e));
    } catch (NumberFormatException e) {
      return new Unknown("an answer of no length: " + e.getMessage());
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static Answer answer(Limited in) throws IOException {
    String head = head(in);
    int code = Integer.parseInt(head.substring(9, 12));
    String lower = head.toLowerCase(Locale.ROOT);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int length = lower.indexOf("\ncontent-length: ");
    if (code == 204 || code == 304) {
      return new Answer(code, head, "");
    } else if (length >= 0) {
      int from = length + "\ncontent-length: ".length();
      in.copy(Integer.parseInt(lower.substring(from, lower.indexOf('\r', from)).strip()), body);
    } else if (lower.contains("\ntransfer-encoding: chunked")) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        in.copy(size, body);
        line(in);
      }
    } else {
      for (int next = in.read(); next >= 0 && body.size() < MAX_BODY; next = in.read()) {
        body.write(next);
      }
    }
    return new Answer(code, head, body.toString(StandardCharsets.UTF_8));
  }

  private static String head(Limited in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      head.append(line).append("\r\n");
      if (head.length() > MAX_HEAD) {
        throw new IOException("a head without an end");
      }
    }
    if (!head.toString().matches("(?s)HTTP/1\\.[01] [1-5][0-9]{2}.*")) {
      throw new IOException("no HTTP answer");
    }
    return head.toString();
  }

  private static int chunk(Limited in) throws IOException {
    String size = line(in);
    int end = size.indexOf(';');
    return Integer.parseInt(end < 0 ? size : size.substring(0, end), 16);
  }

  private static String line(Limited in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > MAX_HEAD) {
        throw new IOException("the answer broke off");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  /// A stream with a deadline for all of it: a socket's own time-out starts anew at every read.
  private static final class Limited {
    private final Socket socket;
    private final InputStream in;
    private final long deadline;

    Limited(Socket socket, long deadline) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
      this.deadline = deadline;
    }

    int read() throws IOException {
      if (in.available() == 0) {
        wind();
      }
      return in.read();
    }

    void copy(int length, ByteArrayOutputStream to) throws IOException {
      if (length < 0 || length > MAX_BODY) {
        throw new IOException("a body of " + length + " bytes");
      }
      byte[] some = new byte[Math.min(length, 1 << 14)];
      for (int left = length; left > 0; ) {
        wind();
        int got = in.read(some, 0, Math.min(left, some.length));
        if (got < 0) {
          throw new IOException("the answer broke off");
        }
        to.write(some, 0, got);
        left -= got;
      }
    }

    private void wind() throws IOException {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) left);
    }
  }
}
