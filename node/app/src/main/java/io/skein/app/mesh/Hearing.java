package io.skein.app.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.SharedBuffer;
import io.skein.gossip.transport.Transport;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Hands over on the mesh thread what the transport hears on its own. Views in any case; messages
/// as long as not too many wait, nor too much of one peer's. What is too much is dropped and
/// counted: the protocols repeat what got lost. Any thread.
final class Hearing implements Transport.Listener {
  private static final int MAX_WAITING = 16_384;

  private final MeshThread thread;
  private final Transport.Listener next;
  private final SharedBuffer buffer;
  private final Map<PeerId, Long> held = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();

  Hearing(MeshThread thread, Transport.Listener next, SharedBuffer buffer) {
    this.thread = thread;
    this.next = next;
    this.buffer = buffer;
  }

  @Override
  public void message(PeerId from, int channel, byte[] payload) {
    long bytes = payload.length + SharedBuffer.BESIDE_PAYLOAD_BYTES;
    if (!take(from, bytes)) {
      dropped.increment();
      return;
    }
    thread.execute(() -> {
      giveBack(from, bytes);
      next.message(from, channel, payload);
    });
  }

  private boolean take(PeerId from, long bytes) {
    if (waiting.get() >= MAX_WAITING || held.getOrDefault(from, 0L) + bytes > buffer.share()) {
      return false;
    }
    waiting.incrementAndGet();
    buffer.take(bytes);
    held.merge(from, bytes, Long::sum);
    return true;
  }

  private void giveBack(PeerId from, long bytes) {
    waiting.decrementAndGet();
    buffer.giveBack(bytes);
    held.computeIfPresent(from, (_, all) -> all > bytes ? all - bytes : null);
  }

  @Override
  public void view(SortedSet<PeerId> reachable) {
    thread.execute(() -> next.view(reachable));
  }

  /// Messages waiting now.
  int waiting() {
    return waiting.get();
  }

  /// Messages dropped because too many waited, or too much.
  long dropped() {
    return dropped.sum();
  }
}
