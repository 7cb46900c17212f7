package io.skein.reputation.evidence;

/// An endpoint, as a server of requests.
///
/// @param id its id in the catalogue, 1 to 512 characters
public record EndpointSubject(String id) implements Subject {
  private static final int MAX_CHARACTERS = 512;

  /// @throws IllegalArgumentException if `id` is empty or too long
  public EndpointSubject {
    if (id.isEmpty() || id.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "endpoint id: " + id.length() + " characters (expected: 1..512)");
    }
  }

  /// Order of the UTF-8 forms; UTF-16 order differs from it beyond the basic plane.
  static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    int at = 0;
    while (at < common && left.charAt(at) == right.charAt(at)) {
      at++;
    }
    if (at == common) {
      return Integer.compare(left.length(), right.length());
    }
    if (at > 0
        && Character.isHighSurrogate(left.charAt(at - 1))
        && (Character.isLowSurrogate(left.charAt(at))
            || Character.isLowSurrogate(right.charAt(at)))) {
      at--;
    }
    return Integer.compare(left.codePointAt(at), right.codePointAt(at));
  }

  @Override
  public String text() {
    return id;
  }

  @Override
  public String kind() {
    return "endpoint";
  }

  @Override
  public String toString() {
    return "endpoint " + id;
  }
}
