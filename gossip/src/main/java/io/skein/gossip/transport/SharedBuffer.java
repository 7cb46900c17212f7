package io.skein.gossip.transport;

import java.util.concurrent.atomic.AtomicLong;

/// A bound on what many queues hold together, which leaves each of them a part.
///
/// A queue may hold up to half of what is free at the moment. So one that nobody empties takes a
/// third of all and no more, and if queues drop what they hold beyond their [#share], as it falls,
/// `n` that nobody empties leave `2 / (n + 2)` to the others: dynamic thresholds (Choudhury and
/// Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", IEEE/ACM
/// Transactions on Networking 6(2), 1998) with alpha 1/2.
///
/// Counts, and holds nothing itself. Thread-safe.
public final class SharedBuffer {
  /// About what a small message takes beside its payload: objects, headers, its place in a queue.
  public static final int BESIDE_PAYLOAD_BYTES = 256;

  private static final long MOST_OF_A_QUEUE = 8L << 20;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /// @param limit of all queues together, in bytes
  public SharedBuffer(long limit) {
    this.limit = limit;
  }

  /// An eighth of the largest heap that this process may have.
  public static SharedBuffer ofHeap() {
    return new SharedBuffer(Runtime.getRuntime().maxMemory() / 8);
  }

  /// What a queue may hold now, in bytes: 8 MiB at most, and less than nothing if too much is
  /// taken.
  public long share() {
    return Math.min(MOST_OF_A_QUEUE, (limit - taken.get()) / 2);
  }

  /// Takes `bytes`, whether they are left or not.
  public void take(long bytes) {
    taken.addAndGet(bytes);
  }

  /// Gives back what was taken.
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /// In bytes, of all queues together.
  public long taken() {
    return taken.get();
  }
}
