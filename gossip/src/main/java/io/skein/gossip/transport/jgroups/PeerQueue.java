package io.skein.gossip.transport.jgroups;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jgroups.Message;

/// What waits to be sent to one peer, and the thread that sends it.
///
/// Sending blocks when the peer does not read (JGroups' flow control), so each peer has a thread of
/// its own, a virtual one: a stuck peer holds up nobody else. Both queues are bounded; what finds
/// its queue full is dropped.
final class PeerQueue {
  /// Sends one message, and may block.
  interface Sender {
    void send(Message message) throws Exception;
  }

  private static final int MAX_MESSAGES = 8_192;
  private static final long MAX_BYTES = 8L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final ArrayDeque<Message> urgent = new ArrayDeque<>();
  private final ArrayDeque<Message> bulk = new ArrayDeque<>();
  private final Sender sender;
  private final Thread thread;
  private long urgentBytes;
  private long bulkBytes;
  private boolean stopped;
  private boolean sending;

  PeerQueue(String name, Sender sender) {
    this.sender = sender;
    this.thread = Thread.ofVirtual().name("skein-send-" + name).start(this::run);
  }

  /// @return whether there was room
  boolean offer(Message message, boolean isUrgent) {
    lock.lock();
    try {
      ArrayDeque<Message> queue = isUrgent ? urgent : bulk;
      long bytes = isUrgent ? urgentBytes : bulkBytes;
      if (stopped || queue.size() >= MAX_MESSAGES || bytes + message.getLength() > MAX_BYTES) {
        return false;
      }
      queue.addLast(message);
      count(isUrgent, message.getLength());
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void count(boolean isUrgent, int bytes) {
    if (isUrgent) {
      urgentBytes += bytes;
    } else {
      bulkBytes += bytes;
    }
  }

  private void run() {
    try {
      while (true) {
        sender.send(take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception _) {
      // the channel is closed or closing: what is left has nowhere to go
      stop();
    }
  }

  private Message take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      sending = false;
      while (urgent.isEmpty() && bulk.isEmpty()) {
        emptied.signalAll();
        filled.await();
      }
      sending = true;
      boolean isUrgent = !urgent.isEmpty();
      Message message = isUrgent ? urgent.removeFirst() : bulk.removeFirst();
      count(isUrgent, -message.getLength());
      return message;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything offered so far was handed to JGroups, or until the deadline.
  ///
  /// @param deadlineNanos in [System#nanoTime]
  void awaitEmpty(long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopped && (sending || !urgent.isEmpty() || !bulk.isEmpty())) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return;
        }
        emptied.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      urgent.clear();
      bulk.clear();
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
