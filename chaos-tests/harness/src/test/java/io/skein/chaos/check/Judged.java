package io.skein.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.history.MalformedHistory;

/// What a check says of a tale, and how it must say it.
final class Judged {
  private Judged() {}

  /// Finds that, with that in its text, and shows events of the tale for whatever it finds.
  static void found(Tale tale, String check, Violation violation, String text)
      throws MalformedHistory {
    Verdict verdict = tale.verdict(check);
    assertEquals(Verdict.Result.INVALID, verdict.result(), verdict::toString);
    assertTrue(
        verdict.findings().stream()
            .anyMatch(each -> each.violation() == violation && each.text().contains(text)),
        verdict::toString);
    for (Finding finding : verdict.findings()) {
      assertFalse(finding.events().isEmpty(), "no evidence: " + finding);
      assertTrue(
          finding.events().stream().allMatch(event -> event >= 0 && event < tale.events().size()),
          finding::toString);
    }
  }

  static Verdict is(Verdict.Result result, Tale tale, String check) throws MalformedHistory {
    Verdict verdict = tale.verdict(check);
    assertEquals(result, verdict.result(), verdict::toString);
    return verdict;
  }

  static Verdict valid(Tale tale, String check) throws MalformedHistory {
    return is(Verdict.Result.VALID, tale, check);
  }

  /// A tale of two nodes.
  static Tale two() {
    return new Tale("n1", "n2");
  }
}
