package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Vocabulary;
import java.util.List;

/// What was asked was answered in the words of the API, and no client broke off: a check that sees
/// nothing finds nothing.
final class SoundAnswers implements Check {
  @Override
  public String name() {
    return "sound answers";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Event> events = trial.history().events();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO
          && event.function().equals(Vocabulary.AMISS)
          && trial.honest(event.node())) {
        found.add(Violation.AMISS, event.node() + ": " + event.value(), i);
      }
    }
    long operations = trial.history().operations().size();
    return found.verdict(name(), operations > 0, operations + " operations");
  }
}
