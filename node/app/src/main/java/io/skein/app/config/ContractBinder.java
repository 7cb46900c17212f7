package io.skein.app.config;

import io.skein.app.traffic.Clause;
import io.skein.reputation.contract.Terms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/// Binds a contract: every key of a contract's document, its type and its default stand in this
/// file.
final class ContractBinder {
  private static final Duration MOST_QUARANTINE = Duration.ofHours(24);
  private static final int USUAL_WINDOWS = 30;
  private static final double MOST_PENALTY = 0.5;
  private static final long MILLION = 1_000_000;

  private static final ValueType<String> REQUIRE =
      ValueType.text(text -> {
        if (text.isBlank() || text.length() > Clause.MAX_REQUIRE) {
          throw new ConfigMistake(
              ConfigCode.BAD_NAME,
              text.length()
                  + " characters; expected a condition of 1 to "
                  + Clause.MAX_REQUIRE
                  + ", such as p99_ms <= 200");
        }
        return text;
      });

  private ContractBinder() {}

  static Clause clause(Section contract) {
    String service = contract.required("service", ValueType.CATALOGUE_NAME, "x");
    String require = contract.required("require", REQUIRE, "true");
    Terms.Scope scope =
        contract.value(
            "scope",
            ValueType.word(Terms.Scope.values(), value -> value.name().toLowerCase(Locale.ROOT)),
            Terms.Scope.ENDPOINT);
    int windows =
        contract.value("windows", ValueType.integer(1, Terms.MOST_WINDOWS), USUAL_WINDOWS);
    int holding =
        contract.optional("holding", ValueType.integer(1, Terms.MOST_WINDOWS)).orElse(windows);
    int requests = contract.value("min-requests", ValueType.integer(1, 1_000_000), 1);
    int raters = contract.optional("min-raters", ValueType.integer(1, 1_000)).orElse(0);
    double penalty = contract.value("penalty", ValueType.fraction(MOST_PENALTY), 0.0);
    Duration quarantine =
        contract.value(
            "quarantine", ValueType.duration(Duration.ZERO, MOST_QUARANTINE), Duration.ZERO);
    return contract.build(
        () -> {
          if (holding > windows) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                "holding",
                holding + " of " + windows + " windows; expected at most " + windows);
          }
          if (scope == Terms.Scope.SERVICE && !quarantine.isZero()) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                "quarantine",
                "a service cannot be kept from itself; expected none, or scope: endpoint");
          }
          return new Clause(
              new Terms(
                  service,
                  scope,
                  windows,
                  holding,
                  requests,
                  raters,
                  q30(penalty),
                  quarantine.toMillis()),
              require);
        },
        () -> NONE);
  }

  /// Stands in where a document has faults.
  static final Clause NONE =
      new Clause(new Terms("x", Terms.Scope.ENDPOINT, 1, 1, 1, 0, 0, 0), "true");

  /// The same on every node: the decimal text of the fraction, to the millionth, in integers.
  private static long q30(double penalty) {
    long millionths =
        BigDecimal.valueOf(penalty).setScale(6, RoundingMode.HALF_UP).unscaledValue().longValue();
    return ((millionths << 30) + MILLION / 2) / MILLION;
  }
}
