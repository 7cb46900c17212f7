package io.skein.chaos.run;

import io.skein.chaos.driver.Driver;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.nemesis.Kind;
import io.skein.chaos.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// What `skein chaos` was asked for.
///
/// @param nodes how many nodes to start
/// @param minutes how long the mesh is broken and used
/// @param kinds which faults, none of them if the list is empty; empty: all that are possible
/// @param workloads which clients
/// @param seed what everything is drawn from; empty: chosen
/// @param against a mesh that runs already; empty: one is started
/// @param report where the page goes; empty: nowhere
/// @param history where the history goes; empty: nowhere
/// @param together how many faults there are to one with a companion; 0: none has one
/// @param holdSeconds how long each fault lasts; empty: as drawn
/// @param driver what the mesh is made of; empty: the best that this machine can do
/// @param image what containers are made of
/// @param upgradeFrom an unpacked distribution that the nodes are started with; empty: with the one
///   under test
/// @param help only the help was asked for
record Options(
    int nodes,
    double minutes,
    Optional<List<Kind>> kinds,
    Set<String> workloads,
    OptionalLong seed,
    List<HostPort> against,
    Optional<String> report,
    Optional<String> history,
    int together,
    OptionalLong holdSeconds,
    String driver,
    String image,
    Optional<String> upgradeFrom,
    boolean help) {
  /// The drivers, the best first.
  static final List<String> DRIVERS = List.of("namespaces", "containers", "loopback");

  /// What is said instead of faults for a run without any.
  static final String NONE = "none";

  private static final String AUTO = "auto";
  private static final int DEFAULT_TOGETHER = 4;
  private static final int MOST_TOGETHER = 100;
  private static final int LEAST_HOLD = 5;
  private static final int MOST_HOLD = 7_200;
  private static final int DEFAULT_NODES = 5;
  private static final double DEFAULT_MINUTES = 10;
  private static final int LEAST_NODES = 3;
  private static final int MOST_NODES = 15;
  private static final double LEAST_MINUTES = 0.25;
  private static final double MOST_MINUTES = 1_440;

  /// Reads the command line.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  static Options parse(List<String> words) {
    int nodes = DEFAULT_NODES;
    double minutes = DEFAULT_MINUTES;
    Optional<List<Kind>> kinds = Optional.empty();
    Set<String> workloads = new TreeSet<>(Workloads.NAMES);
    OptionalLong seed = OptionalLong.empty();
    List<HostPort> against = new ArrayList<>();
    Optional<String> report = Optional.empty();
    Optional<String> history = Optional.empty();
    int together = DEFAULT_TOGETHER;
    OptionalLong hold = OptionalLong.empty();
    String driver = "";
    String image = Driver.IMAGE;
    Optional<String> upgradeFrom = Optional.empty();
    boolean help = false;
    for (int i = 0; i < words.size(); i++) {
      int equals = words.get(i).startsWith("--") ? words.get(i).indexOf('=') : -1;
      String word = equals < 0 ? words.get(i) : words.get(i).substring(0, equals);
      boolean hasNext = i + 1 < words.size() && !words.get(i + 1).startsWith("--");
      String value =
          equals >= 0 ? words.get(i).substring(equals + 1) : hasNext ? words.get(i + 1) : "";
      boolean takes = true;
      switch (word) {
        case "--nodes" -> nodes = (int) number(word, value, LEAST_NODES, MOST_NODES);
        case "--minutes" -> minutes = minutes(word, value);
        case "--nemesis" -> kinds = Optional.of(kinds(value));
        case "--workload" -> workloads = workloads(value);
        case "--seed" -> seed = OptionalLong.of(number(word, value, 0, Long.MAX_VALUE));
        case "--report" -> report = Optional.of(needed(word, value));
        case "--history" -> history = Optional.of(needed(word, value));
        case "--against" -> {
          for (String one : needed(word, value).split(",", -1)) {
            against.add(HostPort.parse(one));
          }
          for (int next = i + (equals < 0 ? 2 : 1);
              next < words.size() && !words.get(next).startsWith("-");
              next++) {
            against.add(HostPort.parse(words.get(next)));
            i++;
          }
        }
        case "--together" -> together = (int) number(word, value, 0, MOST_TOGETHER);
        case "--hold" -> hold = OptionalLong.of(number(word, value, LEAST_HOLD, MOST_HOLD));
        case "--driver" -> driver = driver(word, value);
        case "--image" -> image = needed(word, value);
        case "--upgrade-from" -> upgradeFrom = Optional.of(needed(word, value));
        case "-h", "--help" -> {
          help = true;
          takes = false;
        }
        default -> throw new IllegalArgumentException("unknown word '" + word + "'");
      }
      i += takes && equals < 0 ? 1 : 0;
    }
    return new Options(
        nodes,
        minutes,
        kinds,
        workloads,
        seed,
        against,
        report,
        history,
        together,
        hold,
        driver,
        image,
        upgradeFrom,
        help);
  }

  private static String needed(String flag, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return value;
  }

  private static String driver(String flag, String value) {
    if (value.equals(AUTO)) {
      return "";
    }
    if (!DRIVERS.contains(value)) {
      throw new IllegalArgumentException(
          flag
              + ": '"
              + value
              + "' (expected: "
              + AUTO
              + " or of "
              + String.join(", ", DRIVERS)
              + ")");
    }
    return value;
  }

  private static long number(String flag, String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        flag + ": '" + value + "' (expected: " + least + " to " + most + ")");
  }

  private static double minutes(String flag, String value) {
    try {
      double minutes = Double.parseDouble(value);
      if (minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES) {
        return minutes;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new IllegalArgumentException(flag + ": '" + value + "' (expected: 0.25 to 1440)");
  }

  private static List<Kind> kinds(String value) {
    if (value.equals(NONE)) {
      return List.of();
    }
    List<Kind> kinds = new ArrayList<>();
    for (String word : needed("--nemesis", value).split(",", -1)) {
      kinds.add(
          Kind.of(word)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "--nemesis: '"
                          + word
                          + "' (expected: none, or of "
                          + String.join(", ", Kind.words())
                          + ")")));
    }
    return List.copyOf(kinds);
  }

  private static Set<String> workloads(String value) {
    Set<String> wanted = new TreeSet<>(List.of(needed("--workload", value).split(",", -1)));
    for (String word : wanted) {
      if (!Workloads.NAMES.contains(word)) {
        throw new IllegalArgumentException(
            "--workload: '" + word + "' (expected: of " + String.join(", ", Workloads.NAMES) + ")");
      }
    }
    return wanted;
  }
}
