package io.skein.chaos.recovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What `skein chaos --recovery` was asked for.
///
/// @param nodes how many nodes to start
/// @param runs how often each fault is made
/// @param faults which, in this order
/// @param rate requests a second, to each kind of balancer
/// @param warmUpSeconds how long all are under load before the first fault
/// @param beside whether HAProxy pairs stand beside
/// @param json whether the outcome is JSON
/// @param loopback no network namespaces, even where they can be made
/// @param help only the help was asked for
record RecoveryOptions(
    int nodes,
    int runs,
    List<Breakage> faults,
    int rate,
    int warmUpSeconds,
    boolean beside,
    boolean json,
    boolean loopback,
    boolean help) {
  private static final int LEAST_NODES = 4;
  private static final int MOST_NODES = 9;
  private static final int MOST_RUNS = 1_000;
  private static final int LEAST_RATE = 20;
  private static final int MOST_RATE = 2_000;
  private static final int MOST_WARM_UP_SECONDS = 3_600;

  /// Reads the words after `--recovery`.
  ///
  /// @throws IllegalArgumentException saying what is wrong with them
  static RecoveryOptions parse(List<String> words) {
    int nodes = 5;
    int runs = 3;
    int rate = 200;
    int warmUp = 0;
    List<Breakage> faults = Arrays.asList(Breakage.values());
    boolean beside = true;
    boolean json = false;
    boolean loopback = false;
    boolean help = false;
    List<String> left = spread(words);
    while (!left.isEmpty()) {
      String word = left.removeFirst();
      switch (word) {
        case "--nodes" -> nodes = whole(word, left, LEAST_NODES, MOST_NODES);
        case "--runs" -> runs = whole(word, left, 1, MOST_RUNS);
        case "--rate" -> rate = whole(word, left, LEAST_RATE, MOST_RATE);
        case "--warm-up" -> warmUp = whole(word, left, 0, MOST_WARM_UP_SECONDS);
        case "--faults" -> faults = faults(value(word, left));
        case "--without-haproxy" -> beside = false;
        case "--loopback" -> loopback = true;
        case "-o", "--output" -> json = json(value(word, left));
        case "-h", "--help" -> help = true;
        default -> throw new IllegalArgumentException("unknown word '" + word + "'");
      }
    }
    return new RecoveryOptions(nodes, runs, faults, rate, warmUp, beside, json, loopback, help);
  }

  /// `--flag=value` as two words.
  private static List<String> spread(List<String> words) {
    List<String> left = new ArrayList<>();
    for (String word : words) {
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      left.add(equals < 0 ? word : word.substring(0, equals));
      if (equals >= 0) {
        left.add(word.substring(equals + 1));
      }
    }
    return left;
  }

  private static String value(String flag, List<String> left) {
    if (left.isEmpty()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return left.removeFirst();
  }

  private static int whole(String flag, List<String> left, int least, int most) {
    String value = value(flag, left);
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        flag + ": '" + value + "' (expected: " + least + " to " + most + ")");
  }

  private static boolean json(String value) {
    return switch (value) {
      case "json" -> true;
      case "table" -> false;
      default -> throw new IllegalArgumentException("-o: '" + value + "' (expected: table, json)");
    };
  }

  private static List<Breakage> faults(String value) {
    List<Breakage> faults = new ArrayList<>();
    for (String word : value.split(",", -1)) {
      faults.add(
          Breakage.of(word)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "--faults: '"
                          + word
                          + "' (expected: of "
                          + String.join(", ", Breakage.words())
                          + ")")));
    }
    return List.copyOf(faults);
  }
}
