package io.skein.chaos.run;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/// The live timeline: a line for each thing that happens, and between them one that counts. On a
/// terminal the counting line is written over; elsewhere it comes every ten seconds.
final class Ticker {
  private static final long NANOS = 1_000_000_000L;
  private static final int QUIET_SECONDS = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final Map<String, LongAdder> done = new TreeMap<>();
  private final LongAdder undone = new LongAdder();
  private volatile String fault = "";
  private long lastSecond;
  private boolean open;

  Ticker(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    for (String function : new String[] {Vocabulary.APPEND, Vocabulary.READ, Vocabulary.REQUEST}) {
      done.put(function, new LongAdder());
    }
  }

  /// Takes an event of the history; quick.
  void take(Event event) {
    switch (event.kind()) {
      case OK -> {
        LongAdder count = done.get(event.function());
        if (count != null) {
          count.increment();
        }
      }
      case FAIL, UNSURE -> undone.increment();
      case INVOKE -> {}
      case INFO -> info(event);
    }
  }

  private void info(Event event) {
    FaultMark.of(event)
        .ifPresentOrElse(
            mark -> {
              fault = mark.begins() ? mark.name() : "";
              line(
                  event.nanos(),
                  (mark.begins() ? "▼ " : "▲ ")
                      + mark.name()
                      + (mark.begins() ? " " + mark.about() : " over"));
            },
            () -> {
              if (event.function().equals("left-out")) {
                line(event.nanos(), "left out: " + event.value());
              } else if (event.function().equals("proof") || event.function().equals("no-proof")) {
                line(
                    event.nanos(),
                    (event.function().equals("proof") ? "  took hold: " : "  DID NOT TAKE HOLD: ")
                        + seen(event));
              }
            });
  }

  private static String seen(Event event) {
    try {
      return Json.parse(event.value()).text("seen").orElse("");
    } catch (MalformedHistory _) {
      return "";
    }
  }

  /// Writes a line of its own.
  synchronized void line(long nanos, String text) {
    clear();
    out.println(time(nanos) + "  " + text);
  }

  /// Writes the counting line, if it is time.
  synchronized void count(long nanos) {
    long second = nanos / NANOS;
    if (!terminal && second - lastSecond < QUIET_SECONDS) {
      return;
    }
    lastSecond = second;
    StringBuilder text = new StringBuilder(time(nanos)).append("  ");
    done.forEach(
        (function, count) -> text.append(count.sum()).append(' ').append(function).append("s  "));
    text.append(undone.sum()).append(" not done");
    if (!fault.isEmpty()) {
      text.append("  [").append(fault).append(']');
    }
    clear();
    if (terminal) {
      out.print(text);
      out.flush();
      open = true;
    } else {
      out.println(text);
    }
  }

  private void clear() {
    if (open) {
      out.print("\r\u001b[K");
      open = false;
    }
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%3d:%04.1f", nanos / NANOS / 60, nanos / 1e9 % 60);
  }
}
