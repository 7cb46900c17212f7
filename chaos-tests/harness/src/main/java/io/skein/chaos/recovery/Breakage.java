package io.skein.chaos.recovery;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is broken, on one machine of those that clients know, and within which time clients have to
/// be served again.
enum Breakage {
  ENDPOINT_KILLED("endpoint-killed", 1, false, "SIGKILL: connections are refused"),
  ENDPOINT_FROZEN("endpoint-frozen", 30, false, "SIGSTOP: takes connections, never answers"),
  ENDPOINT_ERRING("endpoint-erring", 30, false, "answers 500, to health checks too"),
  ENDPOINT_SLOW("endpoint-slow", 30, false, "takes 1.5 s for each answer, health checks too"),
  NODE_KILLED("node-killed", 2, false, "SIGKILL of the balancers there, not of the endpoint"),
  NODE_FROZEN("node-frozen", 30, false, "SIGSTOP of the balancers there, not of the endpoint"),
  REGION_KILLED("region-killed", 3, false, "SIGKILL of all nodes, balancers, endpoints there"),
  REGION_UNPLUGGED("region-unplugged", 3, true, "all its machines' cables are pulled"),
  HALVES("halves", 30, true, "no packet passes between two halves; clients reach both"),
  DISK_FULL("disk-full", 30, true, "nothing more can be written on the node's disk");

  private final String word;
  private final Duration bar;
  private final boolean root;
  private final String text;

  Breakage(String word, int barSeconds, boolean root, String text) {
    this.word = word;
    this.bar = Duration.ofSeconds(barSeconds);
    this.root = root;
    this.text = text;
  }

  String word() {
    return word;
  }

  /// Success has to be back after this.
  Duration bar() {
    return bar;
  }

  /// Whether it can only be done to nodes in network namespaces.
  boolean needsRoot() {
    return root;
  }

  String text() {
    return text;
  }

  static Optional<Breakage> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Breakage::word).toList();
  }
}
