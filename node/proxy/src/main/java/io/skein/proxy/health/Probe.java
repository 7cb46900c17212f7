package io.skein.proxy.health;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is asked of an endpoint, and what answer is a good one.
public sealed interface Probe {
  /// How much of an answer is looked at: a body's text, or what a TCP endpoint says.
  int MAX_READ_BYTES = 64 << 10;

  /// The longest text to send or expect.
  int MAX_TEXT_BYTES = 1 << 10;

  /// The most header fields a request carries.
  int MAX_FIELDS = 16;

  /// Whether the connection is made with TLS, and for whom.
  ///
  /// A check asks whether the endpoint lives; its certificate is judged where requests are sent.
  /// With `verify` an endpoint whose certificate the JVM's trust store does not vouch for, or names
  /// somebody else, counts as unhealthy.
  ///
  /// @param serverName what is sent as SNI and, if verified, must be in the certificate; empty: the
  ///   endpoint's host
  /// @param verify whether the certificate is judged
  record Tls(Optional<String> serverName, boolean verify) {}

  /// One range of good statuses, both ends included.
  record Statuses(int from, int to) {
    public Statuses {
      if (from < 100 || to > 599 || from > to) {
        throw new IllegalArgumentException(
            "status: " + from + "-" + to + " (expected: within 100-599)");
      }
    }

    boolean has(int status) {
      return status >= from && status <= to;
    }
  }

  /// One header field of a request.
  record Field(String name, String value) {
    public Field {
      if (name.isEmpty() || !name.chars().allMatch(Field::isToken)) {
        throw new IllegalArgumentException("header: '" + name + "' (expected: a token)");
      }
      if (!value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f))) {
        throw new IllegalArgumentException("header " + name + ": (expected: visible ASCII)");
      }
    }

    private static boolean isToken(int c) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }

  /// A request of HTTP/1.1.
  ///
  /// @param path what to GET, begins with a slash
  /// @param good the statuses of a good answer, at least one range
  /// @param host the Host value; empty: the endpoint's address
  /// @param fields further header fields, at most [#MAX_FIELDS]
  /// @param body what the first [#MAX_READ_BYTES] of the body must contain; empty: the head is
  ///   enough, and the body is not read
  /// @param tls empty: in plain text
  record Http(
      String path,
      List<Statuses> good,
      Optional<String> host,
      List<Field> fields,
      Optional<String> body,
      Optional<Tls> tls)
      implements Probe {
    /// 2xx and 3xx.
    public static final List<Statuses> USUAL = List.of(new Statuses(200, 399));

    public Http {
      good = List.copyOf(good);
      fields = List.copyOf(fields);
      if (!path.startsWith("/") || !path.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException("path: '" + path + "' (expected: starts with '/')");
      }
      if (good.isEmpty()) {
        throw new IllegalArgumentException("good: none (expected: at least one range)");
      }
      if (fields.size() > MAX_FIELDS) {
        throw new IllegalArgumentException(
            "headers: " + fields.size() + " (expected: <= " + MAX_FIELDS + ")");
      }
      host.ifPresent(value -> new Field("host", value));
      body.ifPresent(value -> requireText("body", value));
    }

    /// GET `path`, content with 2xx and 3xx.
    public static Http get(String path) {
      return new Http(path, USUAL, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
  }

  /// A TCP connection; optionally something is sent, and something must be said.
  ///
  /// @param send what is sent once connected; empty: nothing
  /// @param expect what the first [#MAX_READ_BYTES] that come must contain; empty: nothing need
  ///   come
  record Tcp(String send, String expect) implements Probe {
    /// A connection is enough.
    public static final Tcp CONNECT = new Tcp("", "");

    public Tcp {
      requireText("send", send);
      requireText("expect", expect);
    }
  }

  /// A TLS handshake is enough.
  record Handshake(Tls tls) implements Probe {}

  /// `grpc.health.v1.Health/Check` over HTTP/2: with prior knowledge, or with TLS and ALPN.
  ///
  /// @param service whose health is asked for; empty text: the server's as a whole
  /// @param authority the `:authority`; empty: the endpoint's address
  /// @param tls empty: in plain text
  record Grpc(String service, Optional<String> authority, Optional<Tls> tls) implements Probe {
    public Grpc {
      requireText("service", service);
      authority.ifPresent(value -> new Field("authority", value));
    }
  }

  private static void requireText(String what, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          what + ": " + bytes + " bytes (expected: <= " + MAX_TEXT_BYTES + ")");
    }
  }

  /// Whether `read` contains `wanted`, byte by byte.
  static boolean contains(byte[] read, byte[] wanted) {
    for (int i = 0; i + wanted.length <= read.length; i++) {
      if (Arrays.equals(read, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
