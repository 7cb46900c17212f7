package io.skein.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The formula by which a [FakeMesh] lives: every figure is a function of the second. From second
/// 60 to 120 of each three minutes `orders/us-2` fails and `ap-1` is unreachable.
final class FakeFigures {
  static final long START_SECOND = 1_790_000_000L;
  static final List<String> NODES = List.of("eu-1", "us-1", "ap-1");
  static final List<String> ENDPOINTS =
      List.of("orders/eu-1", "orders/eu-2", "orders/us-1", "orders/us-2", "orders/ap-1");
  static final List<String> PAYMENTS = List.of("payments/eu-1", "payments/us-1");

  private FakeFigures() {}

  static boolean troubled(long second) {
    return second % 180 >= 60 && second % 180 < 120;
  }

  /// Whether nobody reaches the node.
  static boolean lost(String node, long second) {
    return node.equals("ap-1") && troubled(second) && second % 180 >= 75;
  }

  static boolean out(String endpoint, long second) {
    return (endpoint.equals("orders/us-2") && troubled(second))
        || (endpoint.endsWith("/ap-1") && troubled(second) && second % 180 >= 75);
  }

  static String id(String node) {
    return (hash(node).replaceAll("[0189]", "q") + "aaaaaaaa").substring(0, 26);
  }

  static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static double wave(String salt, long second, double period) {
    return Math.sin(second / period * 2 * Math.PI + salt.hashCode() % 7)
        + 0.35 * Math.sin(second / (period / 3.7) * 2 * Math.PI + salt.hashCode() % 5)
        + 0.25
            * (Math.floorMod(salt.hashCode() * 31L + second * 2_654_435_761L, 1_000) / 500.0 - 1);
  }

  static double rtt(String from, String to, long now) {
    String pair = from.compareTo(to) < 0 ? from + to : to + from;
    double base = pair.equals("eu-1us-1") ? 81 : pair.equals("ap-1eu-1") ? 162 : 121;
    return base + 1.5 * wave(pair, now, 20);
  }

  static double rate(String id, long second) {
    if (out(id, second)) {
      return 0;
    }
    double base = id.equals("orders/eu-2") ? 5 : id.startsWith("orders") ? 22 : 14;
    double spill = troubled(second) && id.startsWith("orders") ? 1.5 : 1;
    return Math.max(0, base * spill * (1 + 0.15 * wave(id, second, 45)));
  }

  static double p50(String id, long second) {
    double base = id.equals("orders/eu-2") ? 104 : id.contains("us") ? 16 : 11;
    return base * (1 + 0.08 * wave(id, second, 25));
  }

  static double p99(String id, long second) {
    return p50(id, second) * (2.1 + 0.4 * wave(id + "9", second, 13));
  }

  static long score(String id) {
    double score =
        switch (id) {
          case "orders/eu-2" -> 0.61;
          case "orders/us-2" -> 0.48;
          default -> 0.995 - Math.floorMod(id.hashCode(), 30) / 1_000.0;
        };
    return (long) (score * (1L << 30));
  }

  static List<String> all() {
    List<String> all = new ArrayList<>(ENDPOINTS);
    all.addAll(PAYMENTS);
    return all;
  }

  static int failures(String id, long second) {
    long phase = second % 180;
    boolean breaking = id.equals("orders/us-2") && phase >= 58 && phase < 60;
    return breaking ? 2 : 0;
  }
}
