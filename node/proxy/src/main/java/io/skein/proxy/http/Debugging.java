package io.skein.proxy.http;

import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.locality.LocalFirst;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Tells a client that asks, at a listener that lets it, how its endpoint was chosen: the field
/// `Skein-Debug` of the answer, text for people of at most [#MOST] characters.
///
/// What it says is what the policy thought when the request was to be sent, with the share of such
/// requests that each candidate would get: the surer the policy, the closer the first one's to 1.
/// Endpoints go by their ids and peers by theirs; addresses are not told. Asking the policy takes
/// some tenths of a millisecond, so an event loop does it no more than once in [#PAUSE_NANOS]; a
/// client that asks sooner is told so. Reused from request to request; event loop only.
final class Debugging {
  static final String FIELD = "skein-debug";
  static final int MOST = 1_024;
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int CANDIDATES = 6;
  private static final int MOST_NAME = 64;
  private static final String LATER = "; explained: not now, at most every 20 ms";

  private final Worker worker;
  private final Downstream client;
  private final RequestFacts facts;
  private String thought = "";

  Debugging(Worker worker, Downstream client, RequestFacts facts) {
    this.worker = worker;
    this.client = client;
    this.facts = facts;
  }

  void clear() {
    thought = "";
  }

  /// An endpoint is about to be chosen.
  ///
  /// @param key of the request, as the policy will get it
  /// @param stays whether the client stays with an endpoint and the policy is not asked
  void choosing(ServiceRoute service, long key, boolean stays) {
    if (!facts.debug || !client.debugHeader()) {
      return;
    }
    long now = System.nanoTime();
    String what = "service=" + service.service();
    if (stays) {
      thought = what + "; sticky";
    } else if (worker.explains(now)) {
      thought =
          what
              + service
                  .selector()
                  .explain(
                      facts.idempotent ? service.safe() : service.unsafe(), key, now, worker.random)
                  .map(Debugging::text)
                  .orElse("");
    } else {
      thought = what + LATER;
    }
  }

  /// Adds the field.
  ///
  /// @param chosen whose answer it is
  /// @param tries how many tries it took
  void edit(ResponseFacts answer, Candidate chosen, int tries) {
    if (!thought.isEmpty()) {
      String text =
          "chosen=" + name(chosen) + (tries > 1 ? "; tries=" + tries : "") + "; " + thought;
      answer.fields.add(Field.OTHER, FIELD, bounded(text));
    }
  }

  private static String bounded(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST - 3) + "...";
  }

  private static String text(LocalFirst.Explained explained) {
    Explanation rule = explained.local().lines().isEmpty() ? explained.peers() : explained.local();
    StringBuilder out = new StringBuilder(512);
    out.append(format("; to-peers=%.3f", explained.toPeers()));
    side(out, "here", explained.local());
    side(out, "peers", explained.peers());
    return out.append("; rule=").append(visible(rule.rule())).toString();
  }

  private static void side(StringBuilder out, String name, Explanation side) {
    if (side.lines().isEmpty()) {
      return;
    }
    List<Explanation.Line> lines = new ArrayList<>(side.lines());
    lines.sort(Comparator.comparingDouble(line -> -line.share().orElse(0)));
    out.append("; ").append(name).append('=');
    String gap = "";
    for (Explanation.Line line : lines.subList(0, Math.min(CANDIDATES, lines.size()))) {
      Candidate candidate = line.candidate();
      out.append(gap).append(name(candidate));
      if (!line.eligible()) {
        out.append(" out ").append(candidate.availability().word());
      }
      line.cost().ifPresent(cost -> out.append(format(" cost %.3g", cost)).append(side.unit()));
      line.share().ifPresent(share -> out.append(format(" share %.3f", share)));
      gap = ", ";
    }
    if (lines.size() > CANDIDATES) {
      out.append(" and ").append(lines.size() - CANDIDATES).append(" more");
    }
  }

  private static String name(Candidate candidate) {
    String id = visible(candidate.id());
    return id.length() <= MOST_NAME ? id : id.substring(0, MOST_NAME);
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  // Header-safe: visible ASCII and spaces.
  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
    return out.toString();
  }
}
