package io.skein.simulator.event;

/// Something that happens at a time.
@FunctionalInterface
public interface Event {
  /// It happens.
  ///
  /// @param nowNanos the time it was scheduled for
  void happen(long nowNanos);
}
