package io.skein.benchmarks.sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// All endpoints of all contenders, on one thread.
final class Endpoints implements Runnable {
  private static final long SHORT_NANOS = 1_000_000;
  private static final long NAP_NANOS = 100_000;

  private final Selector selector;
  private final List<List<Endpoint>> byContender = new ArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  /// What is told to an endpoint.
  interface Order {
    void to(Endpoint endpoint) throws IOException;
  }

  /// @param firstPorts of each contender's endpoints, which have consecutive ports
  Endpoints(List<Integer> firstPorts, int count) throws IOException {
    this.selector = Selector.open();
    for (int first : firstPorts) {
      List<Endpoint> its = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        // The same service times for all contenders, as far as the same requests come.
        its.add(new Endpoint(first + i, selector, 7 + i));
      }
      byContender.add(its);
    }
  }

  /// Tells the same to the endpoint with that number of each contender, and waits until it is done.
  void tell(int number, Order order) {
    order(() -> {
      for (List<Endpoint> its : byContender) {
        try {
          order.to(its.get(number));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    });
  }

  /// When requests came to each of a contender's endpoints since the last call.
  List<List<Long>> takeArrivals(int contender) {
    List<List<Long>> all = new ArrayList<>();
    order(() -> byContender.get(contender).forEach(endpoint -> all.add(endpoint.takeArrivals())));
    return all;
  }

  private void order(Runnable what) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    orders.add(() -> {
      try {
        what.run();
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    selector.wakeup();
    done.join();
  }

  void end() {
    ended = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
    try (selector) {
      while (!ended) {
        long next = Long.MAX_VALUE;
        long now = System.nanoTime();
        for (List<Endpoint> its : byContender) {
          for (Endpoint endpoint : its) {
            next = Math.min(next, endpoint.answer(now));
          }
        }
        waitFor(selector, next);
        Runnable order = orders.poll();
        while (order != null) {
          order.run();
          order = orders.poll();
        }
        now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
          if (!key.isValid()) {
            continue;
          }
          if (key.attachment() instanceof Endpoint endpoint && key.isAcceptable()) {
            endpoint.accept();
          } else if (key.attachment() instanceof Endpoint.Connection connection
              && key.isReadable()) {
            connection.read(buffer, now);
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for something to read until a time, to a tenth of a millisecond: a selector knows only
  /// whole ones.
  static void waitFor(Selector selector, long untilNanos) throws IOException {
    long left = untilNanos == Long.MAX_VALUE ? Long.MAX_VALUE : untilNanos - System.nanoTime();
    if (left > 2 * SHORT_NANOS) {
      selector.select(Math.min(100, left / SHORT_NANOS - 1));
    } else if (left > 0 && selector.selectNow() == 0) {
      LockSupport.parkNanos(Math.min(left, NAP_NANOS));
      selector.selectNow();
    } else if (left <= 0) {
      selector.selectNow();
    }
  }
}
