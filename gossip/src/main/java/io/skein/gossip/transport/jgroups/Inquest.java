package io.skein.gossip.transport.jgroups;

import java.time.Duration;
import java.util.List;

/// What follows from a suspect's ports. Pure.
///
/// When a process ends, however it does, its system closes all of its sockets, and from then on
/// refuses whoever dials its ports. So ports that refuse prove that the machine lives and the
/// process does not. A cut, a lost machine, a stopped process and a full backlog refuse nobody.
///
/// | ports | verdict |
/// | --- | --- |
/// | all refused | gone |
/// | one open | asked again: sockets close one after the other. In the end it is there |
/// | one silent | silent: that is for those who wait for a silence to end |
final class Inquest {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMillis(10),
          Duration.ofMillis(40),
          Duration.ofMillis(150),
          Duration.ofMillis(600));

  private Inquest() {}

  /// How an inquest goes on.
  sealed interface Verdict {
    /// Dial once more.
    record AskAgain(Duration after) implements Verdict {}
  }

  /// How it ends.
  sealed interface Outcome extends Verdict {
    /// Nobody listens any more.
    record Gone() implements Outcome {}

    /// Its process is there, though it may stand still.
    record There() implements Outcome {}

    /// Its machine does not answer.
    record Silent() implements Outcome {}
  }

  /// @param round how often its ports were dialled before
  /// @param ports refused if all were, else what the first other one was
  static Verdict of(int round, PortState ports) {
    return switch (ports) {
      case REFUSED -> new Outcome.Gone();
      case OPEN ->
          round < PAUSES.size() ? new Verdict.AskAgain(PAUSES.get(round)) : new Outcome.There();
      case SILENT -> new Outcome.Silent();
    };
  }
}
