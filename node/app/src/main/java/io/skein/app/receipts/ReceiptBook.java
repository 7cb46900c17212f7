package io.skein.app.receipts;

import io.skein.app.mesh.WindowListener;
import io.skein.ledger.receipt.Leaf;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.Receipts;
import io.skein.ledger.receipt.Receipts.Counts;
import io.skein.ledger.receipt.Receipts.Found;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.proxy.receipt.ReceiptRings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that takes receipts from the event loops, puts them into windows, and has each
/// window's root recorded when the window ends. Any thread may call its methods.
///
/// Event loops write monotonic times only; this thread turns them into the clock's time when it
/// takes them over, at most 0.1 s later.
public final class ReceiptBook implements WindowListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiptBook.class);

  private static final Duration CALM = Duration.ofMillis(100);
  private static final Duration BUSY = Duration.ofMillis(20);
  private static final int BUSY_FROM = ReceiptRing.SLOTS / 32;

  /// Questions that wait at most.
  private static final int MAX_WAITING = 1_024;

  /// Roots kept for another attempt while nothing can be written; the oldest go first.
  private static final int MAX_UNWRITTEN = 64;

  private final ReceiptRings rings;
  private final Receipts receipts;
  private final Function<Body, CompletableFuture<SignedRecord>> append;
  private final LongSupplier clockMicros;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(MAX_WAITING);
  private final Deque<Body.Receipts> unwritten = new ArrayDeque<>();
  private final Leaf leaf = new Leaf();
  private final ReceiptRing.Taker taker = this::take;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Counts counts = new Counts(0, 0, 0, 0);
  private long anchorNanos;
  private long anchorMicros;

  /// @param rings what the event loops write
  /// @param receipts where they go; used by this object alone from now on
  /// @param append writes a record; returns at once
  /// @param clockMicros Unix time in microseconds
  public ReceiptBook(
      ReceiptRings rings,
      Receipts receipts,
      Function<Body, CompletableFuture<SignedRecord>> append,
      LongSupplier clockMicros) {
    this.rings = rings;
    this.receipts = receipts;
    this.append = append;
    this.clockMicros = clockMicros;
    this.thread = Thread.ofPlatform().daemon().name("skein-receipts").unstarted(this::run);
  }

  /// Begins. Once.
  public void start() {
    thread.start();
  }

  private void run() {
    try (receipts) {
      take();
    }
  }

  private void take() {
    Duration pause = CALM;
    while (!closed) {
      try {
        Runnable task = tasks.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
        pause = drain() > BUSY_FROM ? BUSY : CALM;
        if (task != null) {
          task.run();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("a step of the receipts failed", e);
      }
    }
  }

  private int drain() {
    if (!receipts.begun()) {
      return 0;
    }
    anchorNanos = System.nanoTime();
    anchorMicros = clockMicros.getAsLong();
    int most = rings.drain(taker);
    receipts.tidy(anchorMicros / 1_000);
    counts = receipts.counts();
    return most;
  }

  private void take(
      long idHigh,
      long idLow,
      long begunNanos,
      long latencyNanos,
      String service,
      String endpoint,
      String peer,
      int method,
      int outcome,
      int status,
      int tries,
      long bytesIn,
      long bytesOut) {
    long startMicros = anchorMicros - (anchorNanos - begunNanos) / 1_000;
    long latencyMicros = latencyNanos / 1_000;
    leaf.write(
        idHigh,
        idLow,
        startMicros,
        service,
        method,
        endpoint,
        peer,
        outcome,
        status,
        latencyMicros,
        tries,
        bytesIn,
        bytesOut);
    receipts.add(leaf, (startMicros + latencyMicros) / 1_000);
  }

  @Override
  public void began(long window, long millis) {
    if (!tasks.offer(() -> advance(window, millis))) {
      LOG.debug("too many questions wait; the window ends with the next");
    }
  }

  private void advance(long window, long millis) {
    unwritten.addAll(receipts.advance(window, millis));
    while (unwritten.size() > MAX_UNWRITTEN) {
      unwritten.removeFirst();
    }
    write();
    counts = receipts.counts();
  }

  private void write() {
    for (int i = unwritten.size(); i > 0; i--) {
      Body.Receipts body = unwritten.removeFirst();
      var unused =
          append
              .apply(body)
              .whenComplete((record, failure) -> {
                boolean told =
                    tasks.offer(() -> {
                      if (failure == null) {
                        receipts.recorded(body.window(), record.hash());
                      } else {
                        unwritten.addLast(body);
                      }
                    });
                if (!told) {
                  LOG.debug("too many questions wait; a window stays unrecorded here");
                }
              });
    }
  }

  @Override
  public CompletableFuture<Boolean> end() {
    return ask(() -> {
      unwritten.addAll(receipts.end());
      write();
      return true;
    });
  }

  /// A receipt by its id, if it is kept; fails with [IllegalStateException] if too much is asked at
  /// once.
  public CompletableFuture<Optional<Found>> find(ReceiptId id) {
    return ask(() -> receipts.find(id));
  }

  /// When the oldest window begins that is kept, Unix time in milliseconds; empty if none is.
  public CompletableFuture<Optional<Long>> since() {
    return ask(receipts::sinceMillis);
  }

  private <T> CompletableFuture<T> ask(java.util.concurrent.Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean taken =
        !closed
            && tasks.offer(() -> {
              try {
                answer.complete(question.call());
              } catch (Exception e) {
                answer.completeExceptionally(e);
              }
            });
    if (!taken) {
      answer.completeExceptionally(new IllegalStateException("too much is asked at once"));
    }
    return answer;
  }

  /// Figures as of the last look. Any thread.
  public Counts counts() {
    return counts;
  }

  /// Receipts lost because their event loop's ring was full. Any thread.
  public long lost() {
    return rings.lost();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
