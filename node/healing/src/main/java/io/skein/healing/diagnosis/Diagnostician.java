package io.skein.healing.diagnosis;

import io.skein.healing.signal.NodeFacts;
import io.skein.healing.signal.NodeFacts.Presence;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Vitals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds what is wrong with nodes, links and regions. Of what is seen, only that is said which has
/// been so for a while: for its kind's time, multiplied by the node's patience with others (not
/// with itself). What was said is taken back once it has not been seen for [#CLEAR_NANOS].
///
/// | found | when | for |
/// |---|---|---|
/// | node-dead | its connections closed without a farewell | at once |
/// | node-silent | connected, nothing heard for 3.2 s | at once |
/// | node-overloaded | processors 95 % busy, or timers 500 ms late | 3 s |
/// | node-out-of-disk | cannot write records, or less than 64 MiB free | at once |
/// | node-clock-skewed | 2 s from the medians of at least three clocks and of branches | 2 s |
/// | node-partitioned | more than half of at least two others vanished within 2 s | at once |
/// | node-parted | somebody heard of who is not in the view, without a pause | 30 s |
/// | link-slow | round trip four times its least and 50 ms more | 3 s |
/// | link-lossy | 4 of 10 greetings missing, and the newest not | at once |
/// | region-lost | all of a region's nodes, and it is not this one's, are gone | at once |
/// | forecast-wrong | past forecasts off by more than 60 % at 20 requests/s | 30 s |
/// | ledger-corrupted | stored pieces could not be read | at once |
///
/// Pure and confined to one thread.
public final class Diagnostician {
  /// A finding ends when it has not been seen for so long.
  public static final long CLEAR_NANOS = 3_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final int BUSY_MICROS = 950_000;
  private static final long LATE_NANOS = SECOND / 2;
  private static final long LEAST_FREE = 64L << 20;
  private static final long SKEW_MILLIS = 2_000;
  private static final int LEAST_CLOCKS = 3;
  private static final long SILENT_NANOS = 3_200_000_000L;
  private static final long AT_ONCE_NANOS = 2 * SECOND;
  private static final int RTT_FACTOR = 4;
  private static final long RTT_MORE_NANOS = 50_000_000L;
  private static final int LOSSY = 4;
  private static final int WRONG_MICROS = 600_000;
  private static final long LEAST_RATE_MILLI = 20_000;

  // Parts that hear of each other are one within ten seconds; three times as long is not merging.
  private static final long PARTED_NANOS = 30 * SECOND;

  private final String self;
  private final SortedMap<String, Case> cases = new TreeMap<>();

  private static final class Case {
    Diagnosis diagnosis;
    final long firstNanos;
    long lastNanos;
    boolean said;

    Case(Diagnosis diagnosis, long nowNanos) {
      this.diagnosis = diagnosis;
      this.firstNanos = nowNanos;
    }
  }

  /// @param self id of the node that looks
  public Diagnostician(String self) {
    this.self = self;
  }

  /// As the other, where nobody is heard of who is not in the view.
  public List<Diagnosis> step(SortedMap<String, NodeFacts> nodes, int patience, long nowNanos) {
    return step(nodes, Parting.NONE, patience, nowNanos);
  }

  /// What is wrong now.
  ///
  /// @param nodes all that are known, this one among them
  /// @param parting who is heard of and not in this one's view
  /// @param patience how often to multiply the time before others are accused, 1 or more
  /// @return what holds, by kind and subject
  public List<Diagnosis> step(
      SortedMap<String, NodeFacts> nodes, Parting parting, int patience, long nowNanos) {
    List<Diagnosis> seen = seen(nodes, patience);
    // on a node that is starved a merge takes longer
    if (parting.longestNanos() > PARTED_NANOS * patience) {
      seen.add(Diagnosis.NodeParted.of(self, parting));
    }
    for (Diagnosis found : seen) {
      Case about =
          cases.computeIfAbsent(
              found.kind() + " " + found.subject(), _ -> new Case(found, nowNanos));
      about.diagnosis = found;
      about.lastNanos = nowNanos;
      int times = found.subject().equals(self) ? 1 : patience;
      about.said |= nowNanos - about.firstNanos >= Persistence.of(found).saidNanos() * times;
    }
    cases.values().removeIf(it -> nowNanos - it.lastNanos > (it.said ? CLEAR_NANOS : SECOND));
    return cases.values().stream().filter(it -> it.said).map(it -> it.diagnosis).toList();
  }

  private List<Diagnosis> seen(SortedMap<String, NodeFacts> nodes, int patience) {
    List<Diagnosis> found = new ArrayList<>();
    nodes.forEach((id, facts) -> {
      switch (facts.presence()) {
        case HERE -> here(id, facts, patience, found);
        case GONE -> found.add(new Diagnosis.NodeDead(id, facts.sinceNanos()));
        case LEFT -> {
          // It said so.
        }
      }
    });
    clocks(nodes, found);
    vanished(nodes, found);
    regions(nodes, found);
    return found;
  }

  private void here(String id, NodeFacts facts, int patience, List<Diagnosis> found) {
    boolean own = id.equals(self);
    if (!own && facts.silentNanos() > SILENT_NANOS * patience) {
      found.add(new Diagnosis.NodeSilent(id, facts.silentNanos()));
      return;
    }
    if (!own && facts.missed() >= LOSSY * Math.min(2, patience)) {
      found.add(new Diagnosis.LinkLossy(link(id), facts.missed(), NodeFacts.GREETINGS));
    }
    if (facts.usualRttNanos() > 0
        && facts.rttNanos() > facts.usualRttNanos() * RTT_FACTOR
        && facts.rttNanos() > facts.usualRttNanos() + RTT_MORE_NANOS) {
      found.add(new Diagnosis.LinkSlow(link(id), facts.rttNanos(), facts.usualRttNanos()));
    }
    facts.vitals().ifPresent(vitals -> said(id, vitals, found));
  }

  private static void said(String id, Vitals vitals, List<Diagnosis> found) {
    if (vitals.utilisationMicros() >= BUSY_MICROS || vitals.lateNanos() >= LATE_NANOS) {
      found.add(new Diagnosis.NodeOverloaded(id, vitals.utilisationMicros(), vitals.lateNanos()));
    }
    if (!vitals.writes() || vitals.freeBytes() < LEAST_FREE) {
      found.add(new Diagnosis.NodeOutOfDisk(id, vitals.writes(), vitals.freeBytes()));
    }
    if (vitals.ledgerFaults() > 0) {
      found.add(new Diagnosis.LedgerCorrupted(id, vitals.ledgerFaults()));
    }
    if (vitals.forecastErrorMicros() > WRONG_MICROS
        && vitals.requestsPerSecondMilli() >= LEAST_RATE_MILLI) {
      found.add(
          new Diagnosis.ForecastWrong(
              id, vitals.forecastErrorMicros(), vitals.requestsPerSecondMilli()));
    }
  }

  // Whose clock is wrong cannot be said by one alone: who differs from most is the one. From most
  // branches too, each by its own median, or whoever invites more nodes than there are others could
  // have all of these found wrong.
  private static void clocks(SortedMap<String, NodeFacts> nodes, List<Diagnosis> found) {
    Map<String, Long> offsets = new TreeMap<>();
    Map<String, List<Long>> branches = new TreeMap<>();
    nodes.forEach((id, facts) -> {
      if (facts.presence() == Presence.HERE && facts.vitals().isPresent()) {
        long offset = facts.vitals().get().offsetMillis();
        String branch = facts.branch().isEmpty() ? id : facts.branch();
        offsets.put(id, offset);
        branches.computeIfAbsent(branch, _ -> new ArrayList<>()).add(offset);
      }
    });
    if (offsets.size() < LEAST_CLOCKS) {
      return;
    }
    long median = median(offsets.values());
    long ofBranches = median(branches.values().stream().map(Diagnostician::median).toList());
    offsets.forEach((id, offset) -> {
      if (Math.abs(offset - median) > SKEW_MILLIS && Math.abs(offset - ofBranches) > SKEW_MILLIS) {
        found.add(new Diagnosis.NodeClockSkewed(id, offset - median, offsets.size()));
      }
    });
  }

  private static long median(Collection<Long> offsets) {
    return offsets.stream().sorted().skip((offsets.size() - 1) / 2).findFirst().orElse(0L);
  }

  private void vanished(SortedMap<String, NodeFacts> nodes, List<Diagnosis> found) {
    int others = 0;
    Optional<Long> newest = Optional.empty();
    for (Map.Entry<String, NodeFacts> each : nodes.entrySet()) {
      if (!each.getKey().equals(self) && each.getValue().presence() != Presence.LEFT) {
        others++;
        if (each.getValue().presence() == Presence.GONE) {
          long since = each.getValue().sinceNanos();
          newest = Optional.of(newest.map(least -> Math.min(least, since)).orElse(since));
        }
      }
    }
    if (others < 2 || newest.isEmpty()) {
      return;
    }
    long until = newest.get() + AT_ONCE_NANOS;
    List<String> together = new ArrayList<>();
    nodes.forEach((id, facts) -> {
      if (facts.presence() == Presence.GONE && facts.sinceNanos() <= until) {
        together.add(id);
      }
    });
    if (together.size() * 2 > others) {
      found.add(new Diagnosis.NodePartitioned(self, together, others));
    }
  }

  private void regions(SortedMap<String, NodeFacts> nodes, List<Diagnosis> found) {
    NodeFacts own = nodes.get(self);
    Map<String, List<String>> gone = new TreeMap<>();
    Map<String, Boolean> stands = new TreeMap<>();
    nodes.forEach((id, facts) -> {
      if (facts.region().isEmpty()) {
        return;
      }
      switch (facts.presence()) {
        case HERE -> stands.put(facts.region(), true);
        case GONE -> gone.computeIfAbsent(facts.region(), _ -> new ArrayList<>()).add(id);
        case LEFT -> {
          // It said so.
        }
      }
    });
    gone.forEach((region, ids) -> {
      if (!stands.containsKey(region) && (own == null || !own.region().equals(region))) {
        found.add(new Diagnosis.RegionLost(region, ids));
      }
    });
  }

  private String link(String other) {
    return self + " " + other;
  }
}
