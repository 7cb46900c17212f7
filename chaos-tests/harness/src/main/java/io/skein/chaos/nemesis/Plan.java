package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Preparation;
import io.skein.chaos.history.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What is to happen in a run. The same seed, nodes, kinds and length give the same plan.
///
/// Kinds come in a shuffled order until all have been, then again, but an upgrade only once.
/// Between one and the next there is at least as much time as a mesh is given to mend itself, so
/// that what is found belongs to one of them. Now and then one has a companion of another sort,
/// which begins and ends with it and follows it in the list.
///
/// @param millis how long faults may go on
/// @param gapMillis least time from a fault's end to the next one's begin
/// @param steps in the order of their times
public record Plan(long millis, long gapMillis, List<Step> steps) {
  private static final int SHORT_PAUSE_MILLIS = 2_000;
  private static final int LEAST_LONG_PAUSE_MILLIS = 20_000;
  private static final int MOST_FAULT_MILLIS = 30_000;
  private static final int LEAST_FAULT_MILLIS = 5_000;
  private static final int MOST_GAP_MILLIS = 20_000;
  private static final int LEAST_GAP_MILLIS = 6_000;
  private static final int LEAST_WARM_MILLIS = 4_000;
  private static final int MOST_WARM_MILLIS = 15_000;
  private static final int FAULT_PARTS = 12;
  private static final int GAP_PARTS = 20;
  private static final int WARM_PARTS = 40;

  /// Copies the list.
  public Plan {
    steps = List.copyOf(steps);
  }

  /// Draws one.
  ///
  /// @param seed what all chance is drawn from
  /// @param nodes the nodes' names, the first being the one that the others joined by
  /// @param kinds what may happen; if it is empty, nothing does
  /// @param millis how long faults may go on; the last one has ended by then, if its end takes no
  ///   longer than a gap
  /// @param together how many faults there are to one with a companion; 0: none has one. The rest
  ///   of the plan is the same with companions or without
  public static Plan draw(
      long seed, List<String> nodes, List<Kind> kinds, long millis, int together) {
    return draw(seed, nodes, kinds, millis, together, OptionalLong.empty());
  }

  /// Draws one whose faults last as long as is said, but for short pauses.
  ///
  /// @param holdMillis how long; empty: as drawn
  public static Plan draw(
      long seed,
      List<String> nodes,
      List<Kind> kinds,
      long millis,
      int together,
      OptionalLong holdMillis) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> steps = new ArrayList<>();
    List<Kind> bag = new ArrayList<>();
    Companions companions = new Companions(seed);
    int alone = 0;
    long gap = Math.clamp(millis / GAP_PARTS, LEAST_GAP_MILLIS, MOST_GAP_MILLIS);
    long longest = Math.clamp(millis / FAULT_PARTS, LEAST_FAULT_MILLIS, MOST_FAULT_MILLIS);
    for (long at = Math.clamp(millis / WARM_PARTS, LEAST_WARM_MILLIS, MOST_WARM_MILLIS); ; ) {
      if (bag.isEmpty()) {
        bag.addAll(kinds);
        bag.removeIf(kind -> kind == Kind.UPGRADE && !steps.isEmpty());
        if (bag.isEmpty()) {
          return new Plan(millis, gap, steps);
        }
        Collections.shuffle(bag, new Random(random.nextLong()));
      }
      Kind kind = bag.removeLast();
      long drawn = length(kind, random, longest);
      long length = kind == Kind.PAUSE_SHORT ? drawn : holdMillis.orElse(drawn);
      if (at + length + gap > millis && !steps.isEmpty()) {
        return new Plan(millis, gap, steps);
      }
      Step step = new Step(steps.size() + 1L, at, length, kind, whom(kind, nodes, random));
      steps.add(step);
      alone++;
      if (alone == together) {
        companions.draw(step, step.id() + 1, nodes, kinds).ifPresent(steps::add);
        alone = 0;
      }
      at += length + gap;
    }
  }

  private static long length(Kind kind, SplittableRandom random, long longest) {
    return switch (kind) {
      case PAUSE_SHORT -> SHORT_PAUSE_MILLIS;
      case PAUSE_LONG -> Math.max(LEAST_LONG_PAUSE_MILLIS, longest);
      default -> random.nextLong(LEAST_FAULT_MILLIS, longest + 1);
    };
  }

  static List<String> whom(Kind kind, List<String> nodes, SplittableRandom random) {
    List<String> all = new ArrayList<>(nodes);
    Collections.shuffle(all, new Random(random.nextLong()));
    int minority = Math.max(1, (nodes.size() - 1) / 2);
    return switch (kind) {
      case RING, BRIDGE, HALVES, FLAPPING, KILL_ALL, ROLLING, UPGRADE, LOSS, DELAY, ONE_INVITE ->
          all;
      case MINORITY -> all.subList(0, random.nextInt(1, minority + 1));
      case KILL_MINORITY -> all.subList(0, minority);
      case KILL_MAJORITY -> all.subList(0, Math.min(nodes.size(), nodes.size() / 2 + 1));
      case SEED_GONE ->
          all.stream().filter(node -> !node.equals(nodes.getFirst())).limit(1).toList();
      case ISOLATE,
          ONE_WAY,
          SLOW_LINK,
          KILL,
          PAUSE_SHORT,
          PAUSE_LONG,
          ENDPOINT,
          OLD_DISK,
          EMPTY_DISK,
          REVOKE,
          CORRUPT_DISK,
          FULL_DISK,
          SLOW_DISK,
          STARVE,
          STARVE_MEMORY,
          OOM_KILL,
          OLD_INVITE,
          CLOCK,
          CLOCK_STROBE,
          CHURN,
          STALLED_CLIENTS ->
          all.subList(0, 1);
    };
  }

  /// What the nodes have to be started with.
  public Set<Preparation> preparations() {
    return steps.stream()
        .flatMap(step -> step.kind().preparation().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Steps that begin together, in the order of their times.
  List<List<Step>> moments() {
    List<List<Step>> moments = new ArrayList<>();
    for (Step step : steps) {
      if (moments.isEmpty() || moments.getLast().getFirst().atMillis() != step.atMillis()) {
        moments.add(new ArrayList<>());
      }
      moments.getLast().add(step);
    }
    return moments;
  }

  /// As a history's header holds it.
  public Json json() {
    List<Json> items = new ArrayList<>();
    for (Step step : steps) {
      items.add(
          Json.object()
              .with("id", step.id())
              .with("at", step.atMillis())
              .with("millis", step.lengthMillis())
              .with("fault", step.kind().word())
              .with("nodes", Json.strings(step.nodes())));
    }
    return new Json.Items(items);
  }
}
