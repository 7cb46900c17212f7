package io.skein.proxy.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
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

  private final BlockingQueue<AccessEntry> queue;
  private final LongAdder lost = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final AccessFormat format;
  private final Writer writer;
  private final boolean enabled;
  private final Thread thread;
  private volatile boolean closed;

  private AccessLog(AccessFormat format, Writer writer, int capacity, boolean enabled) {
    this.format = format;
    this.writer = new BufferedWriter(writer);
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.enabled = enabled;
    this.thread = Thread.ofVirtual().name("access-log").unstarted(this::run);
    if (enabled) {
      thread.start();
    }
  }

  /// No access log.
  public static AccessLog off() {
    return new AccessLog(AccessFormat.JSON, Writer.nullWriter(), 1, false);
  }

  /// A log into `writer`, which is closed with the log.
  ///
  /// @param capacity lines that may wait, at least 1; a line is about 1 KiB
  public static AccessLog to(Writer writer, AccessFormat format, int capacity) {
    return new AccessLog(format, writer, capacity, true);
  }

  /// Whether lines are wanted at all.
  public boolean enabled() {
    return enabled;
  }

  /// Takes a line, or loses it. Any thread; never blocks.
  public void write(AccessEntry entry) {
    if (enabled && (closed || !queue.offer(entry))) {
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
      if (enabled && !thread.join(java.time.Duration.ofSeconds(2))) {
        LOG.atWarn().addKeyValue("lines", queue.size()).log("access log did not finish in time");
      }
      writer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("access log: cannot close", e);
    }
  }

  private void run() {
    StringBuilder batch = new StringBuilder();
    try {
      while (!closed || !queue.isEmpty()) {
        AccessEntry entry = queue.poll(100, TimeUnit.MILLISECONDS);
        int lines = 0;
        while (entry != null) {
          format.write(entry, batch);
          lines++;
          entry = batch.length() < BATCH_CHARS ? queue.poll() : null;
        }
        if (lines > 0) {
          flush(batch, lines);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush(StringBuilder batch, int lines) {
    try {
      writer.append(batch).flush();
      written.add(lines);
    } catch (IOException e) {
      lost.add(lines);
      LOG.atDebug().setCause(e).log("access log lines lost");
    } finally {
      batch.setLength(0);
    }
  }
}
