package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.SharedBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jgroups.Message;

/// What waits to be sent to one peer, and the thread that sends it.
///
/// Sending blocks when the peer does not read (JGroups' flow control), so each peer has a thread of
/// its own, a virtual one: a stuck peer holds up nobody else. What is urgent and what is not wait
/// apart, each bounded in messages and by the buffer that all peers share; beyond that the oldest
/// are dropped and counted: who stood still gets what is new.
final class PeerQueue {
  /// Sends messages, one after the other.
  interface Sender {
    /// Sends one message, or drops it; may block.
    ///
    /// @return false if no other will ever be sent
    boolean send(Message message) throws InterruptedException;
  }

  private static final int MAX_MESSAGES = 8_192;

  private static final class Line {
    final ArrayDeque<Message> messages = new ArrayDeque<>();
    long bytes;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Line urgent = new Line();
  private final Line bulk = new Line();
  private final SharedBuffer buffer;
  private final LongAdder dropped;
  private final Sender sender;
  private final Thread thread;
  private boolean stopped;
  private boolean sending;

  PeerQueue(String name, SharedBuffer buffer, LongAdder dropped, Sender sender) {
    this.buffer = buffer;
    this.dropped = dropped;
    this.sender = sender;
    this.thread = Thread.ofVirtual().name("skein-send-" + name).start(this::run);
  }

  void offer(Message message, boolean isUrgent) {
    lock.lock();
    try {
      if (stopped) {
        dropped.increment();
        return;
      }
      Line line = isUrgent ? urgent : bulk;
      long bytes = weight(message);
      line.messages.addLast(message);
      line.bytes += bytes;
      buffer.take(bytes);
      while (line.messages.size() > MAX_MESSAGES || line.bytes > Math.max(0, buffer.share())) {
        removeFirst(line);
        dropped.increment();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Message removeFirst(Line line) {
    Message first = line.messages.removeFirst();
    giveBack(line, weight(first));
    return first;
  }

  private static long weight(Message message) {
    return message.getLength() + SharedBuffer.BESIDE_PAYLOAD_BYTES;
  }

  private void run() {
    try {
      while (true) {
        Optional<Message> next = next();
        if (next.isEmpty() || !sender.send(next.get())) {
          break;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    stop();
  }

  /// Waits for a message; empty once the queue is stopped.
  private Optional<Message> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      sending = false;
      while (!stopped && isEmpty()) {
        changed.signalAll();
        changed.await();
      }
      if (stopped) {
        return Optional.empty();
      }
      sending = true;
      Line line = urgent.messages.isEmpty() ? bulk : urgent;
      return Optional.of(removeFirst(line));
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return urgent.messages.isEmpty() && bulk.messages.isEmpty();
  }

  private void giveBack(Line line, long bytes) {
    line.bytes -= bytes;
    buffer.giveBack(bytes);
  }

  /// Waits until everything offered so far was handed to JGroups, or until the deadline.
  ///
  /// @param deadlineNanos in [System#nanoTime]
  void awaitEmpty(long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopped && (sending || !isEmpty())) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return;
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Drops what waits and takes nothing more. What is being sent is interrupted.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      drop(urgent);
      drop(bulk);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }

  private void drop(Line line) {
    line.messages.clear();
    giveBack(line, line.bytes);
  }
}
