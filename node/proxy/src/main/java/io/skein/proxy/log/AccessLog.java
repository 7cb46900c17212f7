package io.skein.proxy.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a line per request from a bounded queue, on a virtual thread. When the queue is full or
/// writing fails, lines are lost and counted: a slow disk never slows a request.
public final class AccessLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final int BATCH_CHARS = 64 << 10;

  private final BlockingQueue<Waiting> queue;
  private final LongAdder lost = new LongAdder();
  private final LongAdder written = new LongAdder();
  private Sink sink;
  private volatile boolean enabled;
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;

  /// What waits for the writing thread.
  private sealed interface Waiting {}

  private record Line(AccessEntry entry) implements Waiting {}

  /// Where the lines behind it go and how they look.
  private record Sink(AccessFormat format, Writer writer) implements Waiting {
    static final Sink NOWHERE = new Sink(AccessFormat.JSON, Writer.nullWriter());
  }

  private AccessLog(Sink sink, int capacity, boolean enabled) {
    this.sink = sink;
    this.queue = new ArrayBlockingQueue<>(capacity);
    if (enabled) {
      begin();
    }
  }

  private void begin() {
    enabled = true;
    thread = Optional.of(Thread.ofVirtual().name("access-log").start(this::run));
  }

  /// No access log, for now.
  ///
  /// @param capacity lines that may wait once there is one
  public static AccessLog off(int capacity) {
    return new AccessLog(Sink.NOWHERE, capacity, false);
  }

  /// No access log.
  public static AccessLog off() {
    return off(1);
  }

  /// A log into `writer`, which is closed with the log.
  ///
  /// @param capacity lines that may wait, at least 1; a line is about 1 KiB
  public static AccessLog to(Writer writer, AccessFormat format, int capacity) {
    return new AccessLog(new Sink(format, new BufferedWriter(writer)), capacity, true);
  }

  /// Goes on into another writer, which is closed with the log; that of before is closed once the
  /// lines are written that wait now. Requests notice nothing. One thread at a time.
  public void turnTo(Writer writer, AccessFormat format) {
    enqueue(new Sink(format, new BufferedWriter(writer)));
    if (thread.isEmpty()) {
      begin();
    }
    enabled = true;
  }

  /// Writes what waits, and nothing more until [#turnTo].
  public void turnOff() {
    enabled = false;
    if (thread.isPresent()) {
      enqueue(Sink.NOWHERE);
    }
  }

  /// Finds room in any case: of lines that nobody could write one more is lost.
  private void enqueue(Sink sink) {
    while (!queue.offer(sink)) {
      switch (queue.poll()) {
        case Line _ -> lost.increment();
        case Sink passed -> closeQuietly(passed);
        case null -> {
          // There is room now.
        }
      }
    }
  }

  /// Whether lines are wanted at all.
  public boolean enabled() {
    return enabled;
  }

  /// Takes a line, or loses it. Any thread; never blocks.
  public void write(AccessEntry entry) {
    if (enabled && (closed || !queue.offer(new Line(entry)))) {
      lost.increment();
    }
  }

  /// Lines lost since the start.
  public long lost() {
    return lost.sum();
  }

  /// Lines written since the start.
  public long written() {
    return written.sum();
  }

  /// Writes what waits, for at most 2 s, and closes the writer.
  @Override
  public void close() {
    closed = true;
    try {
      if (thread.isPresent() && !thread.get().join(java.time.Duration.ofSeconds(2))) {
        LOG.atWarn().addKeyValue("lines", queue.size()).log("access log did not finish in time");
      }
      sink.writer().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("access log: cannot close", e);
    }
  }

  private void run() {
    StringBuilder batch = new StringBuilder();
    int lines = 0;
    try {
      while (!closed || !queue.isEmpty()) {
        Waiting next = queue.poll(100, TimeUnit.MILLISECONDS);
        while (next instanceof Line line) {
          sink.format().write(line.entry(), batch);
          lines++;
          next = batch.length() < BATCH_CHARS ? queue.poll() : null;
        }
        if (lines > 0) {
          flush(batch, lines);
          lines = 0;
        }
        if (next instanceof Sink other) {
          closeQuietly(sink);
          sink = other;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Sink gone) {
    try {
      gone.writer().close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("an access log did not close well");
    }
  }

  private void flush(StringBuilder batch, int lines) {
    try {
      sink.writer().append(batch).flush();
      written.add(lines);
    } catch (IOException e) {
      lost.add(lines);
      LOG.atDebug().setCause(e).log("access log lines lost");
    } finally {
      batch.setLength(0);
    }
  }
}
