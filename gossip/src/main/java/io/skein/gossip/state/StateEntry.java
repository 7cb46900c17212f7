package io.skein.gossip.state;

import java.util.Arrays;

/// One value as held here.
///
/// @param value the owner's bytes; not to be written to
/// @param version when it was set, in the owner's order
/// @param receivedNanos when it arrived here, in the clock given to the exchange
public record StateEntry(byte[] value, StateVersion version, long receivedNanos) {
  /// Nanoseconds since this value arrived. It may have been on its way for some exchanges before.
  public long ageNanos(long nowNanos) {
    return Math.max(0, nowNanos - receivedNanos);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateEntry(byte[] bytes, StateVersion held, long at)
        && Arrays.equals(value, bytes)
        && version.equals(held)
        && receivedNanos == at;
  }

  @Override
  public int hashCode() {
    return 31 * version.hashCode() + Arrays.hashCode(value);
  }
}
