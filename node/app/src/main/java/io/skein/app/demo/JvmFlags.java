package io.skein.app.demo;

import java.util.ArrayList;
import java.util.List;

/// JVM flags for the nodes of a demo: those the launcher starts any node with, so that they use the
/// same start-up cache. The launcher hands them over in system properties: `skein.node.flags`,
/// separated by spaces, and `skein.node.cache`, one flag. Without a launcher there is only what a
/// node cannot do without.
final class JvmFlags {
  private static final String NEEDED =
      "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
          + " -XX:+UseSerialGC -XX:+UseCompactObjectHeaders";

  private JvmFlags() {}

  static List<String> ofNodes() {
    List<String> flags =
        new ArrayList<>(List.of(System.getProperty("skein.node.flags", NEEDED).split(" ")));
    flags.add(System.getProperty("skein.node.cache", "-Xshare:auto"));
    return List.copyOf(flags);
  }
}
