package io.skein.routing.predict;

/// What a request is, as far as it may tell what it costs. Two requests of one fingerprint are of
/// one class.
///
/// @param method `GET` and the like
/// @param template the path with what names single things replaced ([PathTemplate])
/// @param payload how long its body is
/// @param credential how the client proves who it is
/// @param client what kind of program asks
/// @param origin where it comes from
public record Fingerprint(
    String method,
    String template,
    Payload payload,
    Credential credential,
    ClientKind client,
    OriginKind origin) {
  /// How long a body is, by powers of sixteen.
  public enum Payload {
    NONE,
    UP_TO_1K,
    UP_TO_16K,
    UP_TO_256K,
    UP_TO_4M,
    MORE,
    /// Its length is not announced.
    STREAM;

    /// @param length the decimal digits of Content-Length; empty without one
    public static Payload of(CharSequence length) {
      long bytes = 0;
      for (int i = 0; i < length.length() && bytes <= 4 << 20; i++) {
        bytes = 10 * bytes + length.charAt(i) - '0';
      }
      if (bytes <= 0) {
        return NONE;
      }
      if (bytes <= 16 << 10) {
        return bytes <= 1 << 10 ? UP_TO_1K : UP_TO_16K;
      }
      return bytes <= 256 << 10 ? UP_TO_256K : bytes <= 4 << 20 ? UP_TO_4M : MORE;
    }
  }

  /// How a client proves who it is.
  public enum Credential {
    NONE,
    COOKIE,
    BASIC,
    BEARER,
    /// Another scheme in `Authorization`.
    OTHER,
    /// A certificate in the TLS handshake.
    CERTIFICATE;

    /// @param authorization the value of the field
    public static Credential of(CharSequence authorization) {
      if (startsWith(authorization, "bearer ")) {
        return BEARER;
      }
      return startsWith(authorization, "basic ") ? BASIC : OTHER;
    }
  }

  /// What kind of program asks, by the first word of `User-Agent`.
  public enum ClientKind {
    /// It does not say.
    NONE,
    BROWSER,
    CRAWLER,
    /// curl and the like.
    TOOL,
    GRPC,
    /// Whatever else names itself: programs and their libraries.
    PROGRAM;

    private static final int AFTER_MOZILLA = "Mozilla/5.0 (".length();

    /// @param userAgent the value of the field
    public static ClientKind of(CharSequence userAgent) {
      if (startsWith(userAgent, "mozilla/")) {
        return userAgent.length() > AFTER_MOZILLA
                && startsWith(userAgent, AFTER_MOZILLA, "compatible;")
            ? CRAWLER
            : BROWSER;
      }
      if (startsWith(userAgent, "curl/") || startsWith(userAgent, "wget/")) {
        return TOOL;
      }
      return startsWith(userAgent, "grpc-") ? GRPC : userAgent.isEmpty() ? NONE : PROGRAM;
    }
  }

  /// Where a request comes from.
  public enum OriginKind {
    /// This machine.
    LOOPBACK,
    /// Addresses that are not routed in public (RFC 1918, RFC 4193, RFC 3927, RFC 6598).
    PRIVATE,
    PUBLIC,
    /// A peer of the mesh, which forwarded it.
    PEER;

    /// @param address as text; once for each connection
    public static OriginKind of(String address) {
      if (address.startsWith("127.")
          || address.equals("::1")
          || address.startsWith("0:0:0:0:0:0:0:1")) {
        return LOOPBACK;
      }
      if (address.indexOf(':') >= 0) {
        int first = Character.toLowerCase(address.charAt(0));
        int second = address.length() > 1 ? Character.toLowerCase(address.charAt(1)) : 0;
        return first == 'f' && (second == 'c' || second == 'd' || second == 'e') ? PRIVATE : PUBLIC;
      }
      int dot = address.indexOf('.');
      int next = address.indexOf('.', dot + 1);
      if (dot < 0 || next < 0) {
        return PUBLIC;
      }
      String a = address.substring(0, dot);
      String b = address.substring(dot + 1, next);
      boolean inside =
          switch (a) {
            case "10" -> true;
            case "192" -> b.equals("168");
            case "169" -> b.equals("254");
            case "172" -> between(b, 16, 31);
            case "100" -> between(b, 64, 127);
            default -> false;
          };
      return inside ? PRIVATE : PUBLIC;
    }

    private static boolean between(String number, int least, int most) {
      int value = 0;
      for (int i = 0; i < number.length() && i < 4; i++) {
        value = 10 * value + number.charAt(i) - '0';
      }
      return value >= least && value <= most;
    }
  }

  /// The hash of a fingerprint, without making one: never 0. Reads the path once, allocates
  /// nothing.
  ///
  /// @param method as in the request line
  /// @param target path and query
  public static long hash(
      String method,
      String target,
      Payload payload,
      Credential credential,
      ClientKind client,
      OriginKind origin) {
    long rest =
        ((payload.ordinal() * 8L + credential.ordinal()) * 8L + client.ordinal()) * 8L
            + origin.ordinal();
    long hash =
        mix(PathTemplate.hash(target) ^ mix(rest << 32 | (method.hashCode() & 0xffff_ffffL)));
    return hash == 0 ? 1 : hash;
  }

  /// The fingerprint of a request.
  ///
  /// @param target path and query
  public static Fingerprint of(
      String method,
      String target,
      Payload payload,
      Credential credential,
      ClientKind client,
      OriginKind origin) {
    return new Fingerprint(method, PathTemplate.of(target), payload, credential, client, origin);
  }

  /// Stafford's variant 13 of the finaliser of SplitMix64.
  static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }

  private static boolean startsWith(CharSequence text, String lower) {
    return startsWith(text, 0, lower);
  }

  private static boolean startsWith(CharSequence text, int from, String lower) {
    if (text.length() - from < lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      char c = text.charAt(from + i);
      if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
