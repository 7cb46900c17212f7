package io.skein.proxy.health;

/// What a check found.
///
/// @param ok whether the endpoint may take requests
/// @param answered whether it said anything at all, good or bad; false: no connection, or silence
/// @param latencyNanos from the dial to the end of what was looked at, or to the failure
/// @param detail the status, or what went wrong, in a few words; at most [#MAX_DETAIL] characters,
///   none of them a control character
public record CheckResult(boolean ok, boolean answered, long latencyNanos, String detail) {
  /// The longest detail.
  public static final int MAX_DETAIL = 200;

  public CheckResult {
    StringBuilder plain = new StringBuilder(Math.min(detail.length(), MAX_DETAIL));
    for (int i = 0; i < detail.length() && i < MAX_DETAIL; i++) {
      char c = detail.charAt(i);
      plain.append(c < 0x20 || c == 0x7f ? ' ' : c);
    }
    detail = plain.toString();
  }

  static CheckResult answer(boolean ok, String detail) {
    return new CheckResult(ok, true, 0, detail);
  }

  CheckResult after(long nanos) {
    return new CheckResult(ok, answered, nanos, detail);
  }
}
