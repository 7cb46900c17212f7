package io.skein.chaos.recovery;

import io.skein.chaos.driver.Endpoint;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.ProcessMesh;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that know several balancers, as a name with several addresses gives them.
///
/// A request goes to the next address in turn, by a connection of its own. Where nobody takes the
/// connection within 250 ms (RFC 8305, section 8) it goes to the next one; what was sent is not
/// sent again. An address that took no connection, or was silent for a second altogether, is left
/// out until it answers a probe, which is sent four times a second. Used by many threads.
final class Balancers {
  /// A request is answered in time within this, from when it was due.
  static final int DEADLINE_MILLIS = 1_000;

  private static final int CONNECT_MILLIS = 250;
  private static final int PROBE_MILLIS = 250;
  private static final int GOOD = 200;

  private final String name;
  private final List<Known> known;
  private final AtomicInteger turn = new AtomicInteger();

  /// An address.
  private static final class Known {
    final HostPort at;
    final AtomicBoolean aside = new AtomicBoolean();
    final AtomicLong heardNanos = new AtomicLong(Long.MIN_VALUE);

    Known(HostPort at) {
      this.at = at;
    }
  }

  /// @param name what the balancers are
  /// @param addresses at least one
  Balancers(String name, List<HostPort> addresses) {
    this.name = name;
    this.known = addresses.stream().map(Known::new).toList();
  }

  String name() {
    return name;
  }

  /// Asks once; returns what was wrong, or nothing.
  ///
  /// @param id names the request
  /// @param dueNanos when it was due, by [System#nanoTime]
  String ask(String id, long dueNanos) {
    int first = turn.getAndIncrement();
    String why = "no address";
    for (int tried = 0; tried < known.size(); tried++) {
      Known one = next(first, tried);
      long begun = System.nanoTime();
      long left = DEADLINE_MILLIS - TimeUnit.NANOSECONDS.toMillis(begun - dueNanos);
      if (left <= 0) {
        return why + ", then late";
      }
      switch (send(one, id, (int) left)) {
        case Http.Answer(int code, String _, String body) -> {
          one.heardNanos.accumulateAndGet(System.nanoTime(), Math::max);
          boolean mine = code != GOOD || body.contains("\"" + id + "\"");
          return !mine ? "another's answer" : code == GOOD ? "" : Integer.toString(code);
        }
        case Http.NotSent(String _) -> {
          leaveOut(one);
          why = "no connection";
        }
        case Http.Unknown(String reason) -> {
          boolean silent = System.nanoTime() - dueNanos >= DEADLINE_MILLIS * 900_000L;
          if (silent && one.heardNanos.get() < begun) {
            leaveOut(one);
          }
          return silent ? "late" : reason;
        }
      }
    }
    return why;
  }

  /// In turn, those that are not left out before those that are.
  private Known next(int first, int tried) {
    List<Known> usable = known.stream().filter(one -> !one.aside.get()).toList();
    List<Known> all = usable.isEmpty() ? known : usable;
    return all.get(Math.floorMod(first + tried, all.size()));
  }

  private static Http.Outcome send(Known one, String id, int millis) {
    return Http.send(
        one.at, ProcessMesh.SERVICE, "GET", Endpoint.PATH + id, "", CONNECT_MILLIS, millis);
  }

  private void leaveOut(Known one) {
    if (one.aside.compareAndSet(false, true)) {
      Thread.ofVirtual().name("probe").start(() -> probe(one));
    }
  }

  /// Until it answers, whatever it answers.
  private void probe(Known one) {
    try {
      do {
        TimeUnit.MILLISECONDS.sleep(PROBE_MILLIS);
      } while (send(one, "probe", DEADLINE_MILLIS).status() == 0);
      one.aside.set(false);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
