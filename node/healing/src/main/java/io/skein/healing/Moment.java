package io.skein.healing;

/// A moment on the monotonic clock that may not have come.
final class Moment {
  private boolean set;
  private long atNanos;

  void set(long nowNanos) {
    set = true;
    atNanos = nowNanos;
  }

  void setIfUnset(long nowNanos) {
    if (!set) {
      set(nowNanos);
    }
  }

  void clear() {
    set = false;
  }

  boolean isSet() {
    return set;
  }

  /// Time since then; `Long.MAX_VALUE` if it has not come.
  long ageNanos(long nowNanos) {
    return set ? nowNanos - atNanos : Long.MAX_VALUE;
  }
}
