package io.skein.proxy.relay;

/// Hears what a relay passes on. Event loop only; called once a read, so it must cost next to
/// nothing.
public interface RelayWatch {
  /// The client sent bytes.
  void fromClient(int bytes);

  /// The endpoint sent bytes.
  void fromEndpoint(int bytes);

  /// It is over; called once, and nothing is called after it.
  void ended(RelayEnd how);
}
