package io.skein.chaos.check;

import io.skein.chaos.history.Vocabulary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// No honest node accuses an honest node, whatever the network, the disks and the clocks do.
final class HonestNotAccused implements Check {
  @Override
  public String name() {
    return "honest not accused";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = trial.answers(Vocabulary.ACCUSED);
    Set<String> told = new HashSet<>();
    for (Trial.Answer answer : answers) {
      for (String accused : answer.value().member("nodes").texts()) {
        if (trial.honest(accused) && told.add(answer.node() + " " + accused)) {
          found.add(
              Violation.HONEST_ACCUSED,
              answer.node() + " accuses " + accused + ", which is honest",
              answer.operation().completion());
        }
      }
    }
    found.figure("answers", answers.size());
    return found.verdict(name(), !answers.isEmpty(), answers.size() + " times asked");
  }
}
