package io.skein.gossip.state;

import io.skein.gossip.transport.PeerId;
import java.util.ArrayDeque;
import java.util.Set;

/// Digests sent and not yet answered, the oldest first, to measure round trips.
final class PendingDigests {
  private static final int LIMIT = 256;
  private static final long EXPIRY_NANOS = 10_000_000_000L;

  private record Sent(PeerId to, long nonce, long atNanos) {}

  private final ArrayDeque<Sent> waiting = new ArrayDeque<>();

  void add(PeerId to, long nonce, long nowNanos) {
    if (waiting.size() == LIMIT) {
      waiting.removeFirst();
    }
    waiting.addLast(new Sent(to, nonce, nowNanos));
  }

  /// The round-trip time in nanoseconds, or -1 if nothing was waiting for this answer.
  long answered(PeerId from, long nonce, long nowNanos) {
    for (Sent sent : waiting) {
      if (sent.nonce() == nonce && sent.to().equals(from)) {
        waiting.remove(sent);
        return Math.max(0, nowNanos - sent.atNanos());
      }
    }
    return -1;
  }

  void expire(long nowNanos) {
    waiting.removeIf(sent -> nowNanos - sent.atNanos() > EXPIRY_NANOS);
  }

  void retain(Set<PeerId> peers) {
    waiting.removeIf(sent -> !peers.contains(sent.to()));
  }
}
