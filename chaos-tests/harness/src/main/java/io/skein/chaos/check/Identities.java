package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Fault;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A revoked identity is nobody's member any more, though it may go on running, and nodes hold the
/// same of each invite.
///
/// Who can hear of a revocation has as long to act on it as owners have to settle; after faults
/// that keep records back it is as long as records have to be everywhere. Invites are compared
/// then, too: how often each was used is told by the records of those who joined by it, so that one
/// which both sides of a split admitted somebody by comes to the same uses on all nodes.
final class Identities implements Check {
  private final long ownerNanos;
  private final long convergenceNanos;

  Identities(Bounds bounds) {
    this.ownerNanos = bounds.owner().toNanos();
    this.convergenceNanos = bounds.convergence().toNanos();
  }

  /// @param event the number of the event that told of it
  private record Revocation(String identity, long nanos, int event) {}

  @Override
  public String name() {
    return "identities";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = trial.answers(Vocabulary.IDENTITIES);
    List<Revocation> revocations = revocations(trial.history().events());
    long looks = 0;
    for (Trial.Answer answer : answers) {
      for (Revocation revocation : revocations) {
        if (knows(trial.timeline(), answer, revocation)) {
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
    found.figure("invites compared", compared);
    return found.verdict(
        name(),
        looks + compared > 0,
        revocations.size()
            + " revoked, looked for "
            + looks
            + " times; invites compared "
            + compared
            + " times");
  }

  private static List<Revocation> revocations(List<Event> events) {
    List<Revocation> revocations = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.REVOKED)) {
        Optional<String> identity = identity(event);
        if (identity.isPresent()) {
          revocations.add(new Revocation(identity.get(), event.nanos(), i));
        }
      }
    }
    return revocations;
  }

  private static Optional<String> identity(Event event) {
    try {
      return Json.parse(event.value()).text("identity");
    } catch (MalformedHistory _) {
      return Optional.empty();
    }
  }

  /// Whether whoever answered must have heard of it and acted on it.
  private boolean knows(Timeline timeline, Trial.Answer answer, Revocation revocation) {
    long at = answer.operation().began().nanos();
    List<Fault> on = timeline.on(at);
    long bound = on.isEmpty() ? convergenceNanos : ownerNanos;
    return at - revocation.nanos() >= bound
        && MutualSight.settled(timeline, at, bound)
        && on.stream().allMatch(fault -> fault.mark().sides().isEmpty())
        && !timeline.down(answer.node(), at - bound, answer.operation().endNanos());
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
