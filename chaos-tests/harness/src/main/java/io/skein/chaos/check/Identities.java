package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A revoked identity is nobody's member any more, though it may go on running; nodes hold the same
/// of each invite; and of two who joined by an invite for one, on two sides of a split, after the
/// heal all hold the same one for a member, and the invite for used. The other one takes no
/// changes, which nobody would heed.
///
/// Who can hear of a revocation has as long to act on it as owners have to settle; after faults
/// that keep records back it is as long as records have to be everywhere. Invites are compared
/// then, too: how often each was used is told by the records of those who joined by it, so that one
/// which both sides of a split admitted somebody by comes to the same uses on all nodes.
final class Identities implements Check {
  private static final String USED_UP = "1 of 1";

  private final long ownerNanos;
  private final long convergenceNanos;

  Identities(Bounds bounds) {
    this.ownerNanos = bounds.owner().toNanos();
    this.convergenceNanos = bounds.convergence().toNanos();
  }

  /// @param event the number of the event that told of it
  private record Revocation(String identity, long nanos, int event) {}

  /// Two who joined by an invite for one.
  ///
  /// @param event the number of the event that told of it
  private record Pair(String invite, List<String> identities, long nanos, int event) {}

  @Override
  public String name() {
    return "identities";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = trial.answers(Vocabulary.IDENTITIES);
    List<Revocation> revocations = revocations(trial.history().events());
    judgeOutsiders(trial.history().events(), found);
    long looksAtPairs = 0;
    for (Pair pair : pairs(trial.history().events())) {
      looksAtPairs += judge(pair, trial.timeline(), answers, found);
    }
    long looks = 0;
    for (Trial.Answer answer : answers) {
      for (Revocation revocation : revocations) {
        boolean faulty = !trial.timeline().on(answer.operation().began().nanos()).isEmpty();
        long bound = faulty ? ownerNanos : convergenceNanos;
        if (knows(trial.timeline(), answer, revocation.nanos(), bound)) {
          looks++;
          gone(answer, revocation, found);
        }
      }
    }
    long compared = 0;
    for (Timeline.Calm calm : trial.calms()) {
      compared += compare(answers, calm, found) ? 1 : 0;
    }
    found.figure("revoked", revocations.size());
    found.figure("looks for revoked ones", looks);
    found.figure("looks at two by one invite", looksAtPairs);
    found.figure("invites compared", compared);
    return found.verdict(
        name(),
        looks + looksAtPairs + compared > 0,
        revocations.size()
            + " revoked, looked for "
            + looks
            + " times; invites compared "
            + compared
            + " times"
            + (looksAtPairs == 0
                ? ""
                : "; two by one invite looked at " + looksAtPairs + " times"));
  }

  private static List<Revocation> revocations(List<Event> events) {
    List<Revocation> revocations = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.REVOKED)) {
        Optional<String> identity = value(event).text("identity");
        if (identity.isPresent()) {
          revocations.add(new Revocation(identity.get(), event.nanos(), i));
        }
      }
    }
    return revocations;
  }

  private static List<Pair> pairs(List<Event> events) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.JOINED_TWICE)) {
        Json value = value(event);
        pairs.add(
            new Pair(
                value.text("invite").orElse(""),
                value.member("identities").texts(),
                event.nanos(),
                i));
      }
    }
    return pairs;
  }

  private static void judgeOutsiders(List<Event> events, Findings found) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO
          && event.function().equals(Vocabulary.NOT_ADMITTED)
          && value(event).truth("takes")) {
        found.add(
            Violation.INVARIANT, event.node() + " takes changes and is no member in the end", i);
      }
    }
  }

  private static Json value(Event event) {
    try {
      return Json.parse(event.value());
    } catch (MalformedHistory _) {
      return Json.NOTHING;
    }
  }

  /// @return how often somebody was asked who must know
  private long judge(Pair pair, Timeline timeline, List<Trial.Answer> answers, Findings found) {
    long looks = 0;
    Map<String, Integer> standing = new TreeMap<>();
    for (Trial.Answer answer : answers) {
      if (!knows(timeline, answer, pair.nanos(), convergenceNanos)) {
        continue;
      }
      looks++;
      int event = answer.operation().completion();
      List<String> members = new ArrayList<>(pair.identities());
      members.retainAll(answer.value().member("alive").texts());
      if (members.size() > 1) {
        found.add(
            Violation.INVARIANT,
            answer.node() + " holds " + members + " for members, who joined by an invite for one",
            pair.event(),
            event);
      }
      members.forEach(member -> standing.putIfAbsent(member, event));
      String used = answer.value().member("invites").text(pair.invite()).orElse("unknown");
      if (!used.equals(USED_UP)) {
        found.add(
            Violation.INVARIANT,
            answer.node() + " holds an invite by which two joined for " + used,
            pair.event(),
            event);
      }
    }
    if (standing.size() > 1) {
      found.add(
          Violation.DISAGREE,
          "of two who joined by an invite for one, members are " + standing.keySet(),
          new ArrayList<>(standing.values()));
    }
    return looks;
  }

  /// Whether whoever answered must have heard of it and acted on it.
  private static boolean knows(
      Timeline timeline, Trial.Answer answer, long sinceNanos, long boundNanos) {
    long at = answer.operation().began().nanos();
    return at - sinceNanos >= boundNanos
        && MutualSight.settled(timeline, at, boundNanos)
        && timeline.on(at).stream().allMatch(fault -> fault.mark().sides().isEmpty())
        && !timeline.down(answer.node(), at - boundNanos, answer.operation().endNanos());
  }

  private static void gone(Trial.Answer answer, Revocation revocation, Findings found) {
    if (answer.value().member("alive").texts().contains(revocation.identity())) {
      found.add(
          Violation.INVARIANT,
          answer.node()
              + " holds "
              + revocation.identity()
              + " for a member, "
              + Millis.text(answer.operation().began().nanos() - revocation.nanos())
              + " after it was revoked",
          revocation.event(),
          answer.operation().completion());
    }
  }

  /// @return whether several nodes were compared
  private boolean compare(List<Trial.Answer> answers, Timeline.Calm calm, Findings found) {
    Map<String, Trial.Answer> last = new TreeMap<>();
    for (Trial.Answer answer : answers) {
      if (answer.operation().began().nanos() >= calm.fromNanos() + convergenceNanos
          && answer.operation().endNanos() <= calm.toNanos()) {
        last.put(answer.node(), answer);
      }
    }
    Map<String, List<String>> byInvites = new TreeMap<>();
    last.forEach((node, answer) ->
        byInvites
            .computeIfAbsent(answer.value().member("invites").toString(), _ -> new ArrayList<>())
            .add(node));
    if (byInvites.size() > 1) {
      found.add(
          Violation.DISAGREE,
          "invites differ by who is asked: " + byInvites,
          last.values().stream().map(answer -> answer.operation().completion()).toList());
    }
    return last.size() > 1;
  }
}
