package io.skein.app.contract.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.skein.reputation.contract.Condition;
import io.skein.reputation.contract.Figures;
import io.skein.reputation.contract.Ruling;
import java.util.LinkedHashMap;
import java.util.Map;

/// A compiled condition. Remembers rulings: nearly all windows were judged a moment ago. One
/// thread.
final class CelCondition implements Condition {
  private static final int REMEMBERED = 4_096;

  private final CelRuntime.Program program;
  private final Map<Figures, Ruling> rulings =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Figures, Ruling> eldest) {
          return size() > REMEMBERED;
        }
      };

  CelCondition(CelRuntime.Program program) {
    this.program = program;
  }

  @Override
  public Ruling of(Figures figures) {
    return rulings.computeIfAbsent(figures, this::evaluate);
  }

  private Ruling evaluate(Figures figures) {
    try {
      return program.eval(word -> Variable.value(word, figures)) instanceof Boolean holds
          ? holds ? Ruling.HELD : Ruling.FAILED
          : Ruling.UNDECIDED;
    } catch (CelEvaluationException | RuntimeException _) {
      return Ruling.UNDECIDED;
    }
  }
}
