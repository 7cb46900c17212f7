package io.skein.proxy.route;

/// What of a request is its key, for the policies that place by key.
///
/// @param by which part
/// @param name of the header field, in lower case; empty for other parts
public record RequestKey(By by, String name) {
  /// The policy knows nothing of keys.
  public static final RequestKey NONE = new RequestKey(By.NOTHING, "");

  /// Which part.
  public enum By {
    /// None: the policy knows nothing of keys.
    NOTHING,
    /// The address the client connects from.
    ADDRESS,
    /// The value of a header field; without it the key is drawn.
    HEADER,
    /// Path and query.
    TARGET
  }
}
