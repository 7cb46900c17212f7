package io.skein.gossip.transport;

import java.util.SortedSet;

/// Carries messages between the nodes of a mesh and tells which of them can be reached.
///
/// Delivery is best effort: a message may be lost, doubled or overtaken, and a protocol above must
/// bear all three. It is never altered and never attributed to another sender.
public interface Transport extends AutoCloseable {
  /// Largest payload of one message.
  int MAX_PAYLOAD_BYTES = 1 << 20;

  /// Channels are numbered 0–255.
  int MAX_CHANNEL = 255;

  /// Channels below this number carry small, urgent messages, which overtake those of the others.
  int FIRST_BULK_CHANNEL = 16;

  /// The node this transport speaks for.
  PeerId self();

  /// Begins to receive. The first view follows soon, also in a mesh of one.
  ///
  /// @throws IllegalStateException if already started or closed
  void start(Listener listener);

  /// Hands over one message; never blocks. It is dropped, and counted, when `to` is unknown or is
  /// this node, when too much is waiting for `to`, and after [#close].
  ///
  /// Any thread. `payload` is not kept.
  ///
  /// @throws IllegalArgumentException if channel or payload size are out of range
  void send(PeerId to, int channel, byte[] payload);

  /// Says goodbye to the peers and stops. No listener call begins after it returned. Idempotent.
  @Override
  void close();

  /// Refuses what [#send] must refuse.
  static void check(int channel, byte[] payload) {
    if (channel < 0 || channel > MAX_CHANNEL) {
      throw new IllegalArgumentException("channel: " + channel + " (expected: 0 .. 255)");
    }
    if (payload.length > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payload: " + payload.length + " bytes (expected: <= " + MAX_PAYLOAD_BYTES + ")");
    }
  }

  /// What a transport tells. Called on the transport's own threads, several at once: hand over to
  /// another thread and return. Views come one after the other.
  interface Listener {
    /// A message arrived; `payload` belongs to the callee.
    void message(PeerId from, int channel, byte[] payload);

    /// The peers that can be reached now, without this node itself.
    void view(SortedSet<PeerId> reachable);
  }
}
