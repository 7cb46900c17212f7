package io.skein.api;

import static io.skein.api.FakeFigures.START_SECOND;
import static io.skein.api.FakeFigures.hash;
import static io.skein.api.FakeFigures.id;

import io.skein.api.view.EventView;
import io.skein.api.view.HealingView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What a [FakeMesh] does about its troubles, and tells of it.
final class FakeRepairs {
  private final LongSupplier clockMillis;

  FakeRepairs(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  List<HealingView> healing(int limit) {
    List<HealingView> repairs = new ArrayList<>();
    long now = second();
    for (long round = now - now % 180; repairs.size() < Math.min(limit, 9); round -= 180) {
      repair(repairs, round + 121, "ap-1", "node", "answers again for 3 s", "alive", "restore");
      repair(
          repairs, round + 120, "orders/us-2", "endpoint", "5 of 5 probes good", "well", "restore");
      repair(repairs, round + 75, "ap-1", "node", "socket closed, 2 peers agree", "dead", "shift");
      repair(
          repairs,
          round + 60,
          "orders/us-2",
          "endpoint",
          "9 of 10 answers 503",
          "failing",
          "set-aside");
    }
    return repairs.subList(0, Math.min(limit, repairs.size()));
  }

  private void repair(
      List<HealingView> into,
      long at,
      String subject,
      String kind,
      String signal,
      String diagnosis,
      String action) {
    if (at > second()) {
      return;
    }
    boolean ends = action.equals("restore");
    String cause = hash("heal" + (at - (kind.equals("node") ? 46 : 60)) + subject);
    into.add(
        new HealingView(
            hash("heal" + at + subject),
            Instant.ofEpochSecond(at),
            signal,
            signal,
            ends ? "" : "failures under 5.00 % instead of 10.00 %",
            ends ? "" : "worked",
            ends ? "" : "10.0 % of 200 failed, 5.0 ms → 0.0 % of 200 failed, 5.0 ms",
            ends ? "" : kind + "-" + diagnosis,
            diagnosis,
            action,
            kind.equals("node") ? id(subject) : subject,
            kind,
            subject,
            "us-1",
            ends ? "back in service" : second() - at < 40 ? "" : "no request failed afterwards",
            ends ? Optional.of(cause) : Optional.empty(),
            hash("heal" + at + subject)));
  }

  List<EventView> events(int limit) {
    List<EventView> events = new ArrayList<>();
    for (HealingView repair : healing(limit)) {
      boolean ends = repair.action().equals("restore");
      events.add(
          new EventView(
              repair.at().getEpochSecond() - START_SECOND + 1_000,
              repair.at(),
              repair.subjectKind().equals("node") ? "member" : "endpoint",
              ends ? "info" : "warning",
              repair.subjectName(),
              repair.subjectName() + ": " + repair.diagnosis() + ", " + repair.action()));
    }
    return events;
  }
}
