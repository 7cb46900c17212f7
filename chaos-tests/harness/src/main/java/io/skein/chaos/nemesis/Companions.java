package io.skein.chaos.nemesis;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Which faults may be on at once: those of different sorts, a split and a kill, a thin line and a
/// wrong clock. Not two of the network, since one's end would heal the other. And of those that
/// need a process that runs, none at a node whose process another one ends.
final class Companions {
  private static final int DRAWS = 30;

  /// What a fault is a fault of.
  private enum Sort {
    NETWORK,
    PROCESS,
    MACHINE,
    CLIENTS
  }

  private final SplittableRandom random;

  Companions(long seed) {
    this.random = new SplittableRandom(~seed);
  }

  private static Sort sort(Kind kind) {
    return switch (kind.needs()) {
      case LINKS, DELAY, LIMIT -> Sort.NETWORK;
      case PROCESSES, OLDER, MOUNT, MEMORY -> Sort.PROCESS;
      case CPU_LIMIT, CLOCK, SYNCS -> Sort.MACHINE;
      case API -> Sort.CLIENTS;
    };
  }

  /// One that begins and ends with `lead`; empty if chance found none that fits.
  ///
  /// @param id its number
  Optional<Step> draw(Step lead, long id, List<String> nodes, List<Kind> kinds) {
    for (int i = 0; i < DRAWS; i++) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      List<String> whom = Plan.whom(kind, nodes, random);
      if (fits(lead.kind(), lead.nodes(), kind, whom, nodes)) {
        return Optional.of(new Step(id, lead.atMillis(), lead.lengthMillis(), kind, whom));
      }
    }
    return Optional.empty();
  }

  private static boolean fits(
      Kind lead, List<String> struck, Kind kind, List<String> whom, List<String> all) {
    // A short pause and a long one are their lengths; an upgrade comes once; newcomers need others.
    if (kind == Kind.PAUSE_SHORT
        || kind == Kind.PAUSE_LONG
        || kind == Kind.UPGRADE
        || kind == Kind.ONE_INVITE
        || lead == Kind.ONE_INVITE
        || lead == Kind.PAUSE_SHORT) {
      return false;
    }
    if (sort(lead) == sort(kind)) {
      return false;
    }
    return sort(lead) == Sort.NETWORK
        || sort(kind) == Sort.NETWORK
        || Collections.disjoint(ended(lead, struck, all), ended(kind, whom, all));
  }

  /// Whom a fault needs for itself.
  private static List<String> ended(Kind kind, List<String> whom, List<String> all) {
    return kind == Kind.SEED_GONE ? all : whom;
  }
}
