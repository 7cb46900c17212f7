package io.skein.benchmarks;

import com.sun.management.ThreadMXBean;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.Asked;
import io.skein.proxy.route.Condition;
import io.skein.proxy.route.PathMatch;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.Rules;
import io.skein.proxy.route.SafePath;
import io.skein.proxy.route.TextMatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures what it takes to find the rule for a request: `RulesBench [RULES]`, 100 without a
/// number. One thread; the median of 15 rounds of 200,000 requests, and the bytes allocated.
public final class RulesBench {
  private static final int ROUNDS = 15;
  private static final int REQUESTS = 200_000;

  private record Request(String method, String host, String target) implements Asked {
    @Override
    public boolean anyField(String name, TextMatch match) {
      return name.equals("x-canary") && match.matches("1");
    }
  }

  private RulesBench() {}

  /// See above.
  public static void main(String[] arguments) {
    int count = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
    Rules rules = new Rules(rules(count));
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      String host = i % 4 == 0 ? "a" + i + ".wild.example:8080" : "shop" + i % 10 + ".example";
      requests.add(new Request("GET", host, "/v1/area" + i % count + "/item/" + i + "?page=2"));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] nanos = new double[ROUNDS];
    double bytes = 0;
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      for (int i = 0; i < REQUESTS; i++) {
        Request request = requests.get(i & 63);
        // What the proxy does: the path's form, then the rule.
        if (!SafePath.of(request.target()).isEmpty() && rules.find(request) != null) {
          found++;
        }
      }
      nanos[round] = (System.nanoTime() - start) / (double) REQUESTS;
      bytes = (threads.getCurrentThreadAllocatedBytes() - before) / (double) REQUESTS;
    }
    java.util.Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%d rules: %.0f ns a request (median), %.2f B allocated, %.0f %% matched%n",
        count,
        nanos[ROUNDS / 2],
        bytes,
        100.0 * found / (ROUNDS * (double) REQUESTS));
  }

  private static List<Rule> rules(int count) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = "/v1/area" + i;
      rules.add(
          new Rule(
              "rule-" + i,
              0,
              i % 5 == 0 ? List.of("*.wild.example") : List.of("shop" + i % 10 + ".example"),
              i % 3 == 0 ? new PathMatch.Exact(path + "/item/" + i) : new PathMatch.Prefix(path),
              i % 4 == 0 ? List.of("GET", "HEAD") : List.of(),
              i % 7 == 0
                  ? List.of(new Condition("x-canary", new TextMatch.Exact("1"), false))
                  : List.of(),
              List.of(),
              new Action.Answer(200, "text/plain", "")));
    }
    return rules;
  }
}
