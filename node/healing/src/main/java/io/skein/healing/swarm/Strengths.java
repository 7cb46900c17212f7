package io.skein.healing.swarm;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How strongly each action is advised for each diagnosis.
///
/// The idea is the ant colony's: a way that led to food smells of it, and the smell fades. A repair
/// whose effect was measured leaves a deposit on (diagnosis, action); deposits are records that all
/// nodes hold, so all derive the same strengths, without a word. Strength is what an action starts
/// with plus the sum of its deposits, each halved per hour of age, within bounds:
///
/// `τ = clamp(first + Σ amount · 2^(−age ÷ 1 h), 250, 10 000)`, in thousandths
///
/// with amounts of +1,000 for what worked, −1,000 for what made things worse, −100 for what changed
/// nothing. An action is drawn with probability `0.05 + (1 − 0.05 n) · τ ÷ Σ τ`: the floor keeps
/// every possible action in use now and then, or what was bad once would never be found to have
/// become good. The draw is a hash of the subject and the number of deposits, so nodes that hold
/// the same records draw the same. Halving is linear within an hour, in integers, and the sum does
/// not depend on the order.
///
/// Sources: M. Dorigo, V. Maniezzo, A. Colorni, "Ant System", IEEE Trans. SMC-B 26(1), 1996
/// (deposit and evaporation); T. Stützle, H. Hoos, "MAX–MIN Ant System", FGCS 16(8), 2000 (the
/// bounds). Immutable.
public final class Strengths {
  /// Nothing was measured yet.
  public static final Strengths FIRST = new Strengths(Map.of(), 0, 0);

  /// Deposits older than this count for nothing: a sixteenth of a thousandth would be left.
  public static final long FORGOTTEN_MILLIS = 14 * 3_600_000L;

  private static final long LEAST = 250;
  private static final long MOST = 10_000;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final double FLOOR = 0.05;

  private final Map<String, Map<ActionKind, Long>> sums;
  private final int count;
  private final long atMillis;

  /// What came of one repair.
  ///
  /// @param diagnosis its kind
  /// @param atMillis when it was measured, Unix milliseconds
  public record Deposit(String diagnosis, ActionKind action, Outcome outcome, long atMillis) {}

  private Strengths(Map<String, Map<ActionKind, Long>> sums, int count, long atMillis) {
    this.sums = sums;
    this.count = count;
    this.atMillis = atMillis;
  }

  /// The strengths at a time.
  ///
  /// @param nowMillis Unix milliseconds; equal on all nodes that are to say the same, such as full
  ///   minutes. Deposits from after it are as new
  public static Strengths of(Collection<Deposit> deposits, long nowMillis) {
    Map<String, Map<ActionKind, Long>> sums = new TreeMap<>();
    for (Deposit deposit : deposits) {
      long amount = left(amount(deposit.outcome()), Math.max(0, nowMillis - deposit.atMillis()));
      sums.computeIfAbsent(deposit.diagnosis(), _ -> new EnumMap<>(ActionKind.class))
          .merge(deposit.action(), amount, Long::sum);
    }
    return new Strengths(sums, deposits.size(), nowMillis);
  }

  private static long amount(Outcome outcome) {
    return switch (outcome) {
      case WORKED -> 1_000;
      case UNCHANGED -> -100;
      case WORSE -> -1_000;
      case UNKNOWN -> 0;
    };
  }

  private static long left(long amount, long ageMillis) {
    if (ageMillis >= FORGOTTEN_MILLIS) {
      return 0;
    }
    long halved = amount / (1L << (ageMillis / HOUR_MILLIS));
    return halved - halved * (ageMillis % HOUR_MILLIS) / (2 * HOUR_MILLIS);
  }

  /// Which time they are of, Unix milliseconds.
  public long atMillis() {
    return atMillis;
  }

  /// How many deposits they are made of.
  public int deposits() {
    return count;
  }

  /// The strength of an action in thousandths, 250 to 10,000.
  public long milli(String diagnosis, ActionKind action) {
    long deposited = sums.getOrDefault(diagnosis, Map.of()).getOrDefault(action, 0L);
    return Math.clamp(first(action) + deposited, LEAST, MOST);
  }

  // What is known to work without having been measured here.
  private static long first(ActionKind action) {
    return switch (action) {
      case SET_ASIDE, COVER -> 8_000;
      case SHIFT, RE_HOME, AVOID, DRAIN, REBUILD, FALL_BACK, SHED, REJOIN, ROLL_BACK -> 1_000;
    };
  }

  /// The action to take; the only one if there is only one.
  ///
  /// @param possible in a fixed order, not empty
  /// @param subject of the diagnosis
  public ActionKind choose(String diagnosis, List<ActionKind> possible, String subject) {
    long sum = possible.stream().mapToLong(action -> milli(diagnosis, action)).sum();
    double drawn = draw(subject);
    double end = 0;
    for (ActionKind action : possible) {
      end += FLOOR + (1 - FLOOR * possible.size()) * milli(diagnosis, action) / sum;
      if (drawn < end) {
        return action;
      }
    }
    return possible.getLast();
  }

  // FNV-1a over the subject, the count after it, finished by MurmurHash3's mixer: 0 to 1.
  private double draw(String subject) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < subject.length(); i++) {
      hash = (hash ^ subject.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ count) * 0x100000001b3L;
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return ((hash ^ (hash >>> 33)) >>> 11) * 0x1.0p-53;
  }
}
