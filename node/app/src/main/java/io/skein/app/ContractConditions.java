package io.skein.app;

import io.skein.app.config.ConfigCode;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigProblem;
import io.skein.app.config.ContractConfig;
import io.skein.app.config.Place;
import io.skein.app.contract.Rules;
import io.skein.app.contract.RulesLoader;
import java.util.ArrayList;
import java.util.List;

/// Whether the conditions of a configuration's contracts can be judged. Loads the expression
/// library, where there are any.
final class ContractConditions {
  private ContractConditions() {}

  /// The same, or what is wrong with its conditions.
  static ConfigOutcome checked(ConfigOutcome outcome) {
    if (!(outcome instanceof ConfigOutcome.Loaded loaded)) {
      return outcome;
    }
    List<ConfigProblem> problems = new ArrayList<>();
    List<ContractConfig> contracts = loaded.config().contracts();
    for (int i = 0; i < contracts.size(); i++) {
      String require = contracts.get(i).require();
      if (compiled(require) instanceof Rules.Compiled.Faulty(String message)) {
        String key = "contracts[" + i + "].require";
        Place place = loaded.provenance().place(key).orElseGet(Place.Default::new);
        problems.add(new ConfigProblem(ConfigCode.BAD_CONDITION, key, place, key + ": " + message));
      }
    }
    return problems.isEmpty() ? outcome : new ConfigOutcome.Invalid(problems);
  }

  private static Rules.Compiled compiled(String require) {
    try {
      return RulesLoader.shared().compile(require);
    } catch (IllegalStateException e) {
      return new Rules.Compiled.Faulty(String.valueOf(e.getMessage()));
    }
  }
}
