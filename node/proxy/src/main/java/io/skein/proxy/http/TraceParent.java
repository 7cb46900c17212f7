package io.skein.proxy.http;

/// The field `traceparent` of W3C Trace Context (level 1, §3.2): version, trace id, parent id,
/// flags. Unless spans are exported ([Tracing]) the proxy passes it on as it came: a parent that
/// nobody reports would tear the trace apart.
final class TraceParent {
  private static final int LENGTH = 55;
  private static final int TRACE_FROM = 3;
  private static final int TRACE_TO = 35;
  private static final int PARENT_TO = 52;

  private TraceParent() {}

  /// The trace id in the field; empty text if there is none, or the field is malformed.
  static String traceId(Fields fields) {
    CharSequence value = fields.first("traceparent");
    if (value == null
        || value.length() < LENGTH
        || (value.length() > LENGTH && (isVersionZero(value) || value.charAt(LENGTH) != '-'))
        || value.charAt(2) != '-'
        || value.charAt(TRACE_TO) != '-'
        || value.charAt(PARENT_TO) != '-'
        || (value.charAt(0) == 'f' && value.charAt(1) == 'f')) {
      return "";
    }
    boolean known =
        areDigits(value, 0, 2)
            && areDigits(value, PARENT_TO + 1, LENGTH)
            && isId(value, TRACE_FROM, TRACE_TO)
            && isId(value, TRACE_TO + 1, PARENT_TO);
    return known ? value.subSequence(TRACE_FROM, TRACE_TO).toString() : "";
  }

  private static boolean isVersionZero(CharSequence value) {
    return value.charAt(0) == '0' && value.charAt(1) == '0';
  }

  private static boolean isId(CharSequence value, int from, int to) {
    boolean zero = true;
    for (int i = from; i < to; i++) {
      zero &= value.charAt(i) == '0';
    }
    return !zero && areDigits(value, from, to);
  }

  private static boolean areDigits(CharSequence value, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
