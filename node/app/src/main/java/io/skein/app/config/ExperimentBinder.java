package io.skein.app.config;

import io.skein.app.traffic.Experiment;
import io.skein.proxy.route.Split;
import io.skein.routing.experiment.ExperimentRules;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Binds section `experiment` of a route: every key, its type and its default stand in this file.
final class ExperimentBinder {
  private static final Pattern SHARE =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,6})?([Ee]-[0-9])?( ?%)?");
  private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final String STOP = "stop";

  private ExperimentBinder() {}

  private record Client(Split.By by, String name) {}

  private record Margin(double latency, double failures) {}

  static Experiment bind(Section section) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, "unnamed");
    double share = section.value("share", share(0.0001, 0.5), 0.1);
    Client client = section.section("client", ExperimentBinder::client);
    Experiment.Treatment treatment =
        new Experiment.Treatment(
            section.section("retries", RouteTrafficBinder::retries),
            section.section("hedging", RouteTrafficBinder::hedging),
            section.optional("policy", BalancingBinder.POLICY).map(RoutingPolicy::word),
            section.optionalSection("balancing", BalancingBinder::bind));
    double alpha = section.value("alpha", share(0.0001, 0.2), 0.01);
    Margin margin =
        section.section(
            "margin",
            each ->
                new Margin(
                    each.value("latency", share(0, 10), 0.05),
                    each.value("failures", share(0, 0.5), 0.002)));
    boolean stops =
        section
            .value(
                "on-success",
                ValueType.word(new String[] {STOP, "go-on"}, Function.identity()),
                STOP)
            .equals(STOP);
    Duration most =
        section.value(
            "most-duration",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(90)),
            Duration.ofDays(1));
    Duration batch =
        section.value(
            "batch",
            ValueType.duration(Duration.ofMillis(200), Duration.ofMinutes(10)),
            Duration.ofSeconds(1));
    return new Experiment(
        name,
        (int) Math.round(share * Split.WHOLE),
        client.by(),
        client.name(),
        treatment,
        new ExperimentRules(alpha, margin.latency(), margin.failures(), stops, most.toNanos()),
        batch,
        section.listing() ? "" : section.text(_ -> true));
  }

  private static Client client(Section section) {
    Split.By by =
        section.value(
            "by",
            ValueType.word(Split.By.values(), each -> each.name().toLowerCase(Locale.ROOT)),
            Split.By.ADDRESS);
    Optional<String> name =
        section.optional(
            "name",
            ValueType.text(text -> {
              if (!COOKIE.matcher(text).matches()) {
                throw new ConfigMistake(
                    ConfigCode.BAD_NAME,
                    "'" + text + "'; expected the name of a field or a cookie");
              }
              return text;
            }));
    boolean named = by == Split.By.HEADER || by == Split.By.COOKIE;
    return section.build(
        () -> {
          if (name.isPresent() != named && !section.listing()) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                "name",
                named
                    ? "missing; expected the name of the " + by.name().toLowerCase(Locale.ROOT)
                    : "a name belongs to by: header and by: cookie");
          }
          String known = name.orElse("");
          return new Client(by, by == Split.By.HEADER ? known.toLowerCase(Locale.ROOT) : known);
        },
        () -> new Client(Split.By.ADDRESS, ""));
  }

  /// `0.1`, or `10 %`.
  private static ValueType<Double> share(double least, double most) {
    return new ValueType<>(
        text -> {
          String expected =
              "expected "
                  + BigDecimal.valueOf(least).stripTrailingZeros().toPlainString()
                  + " to "
                  + BigDecimal.valueOf(most).stripTrailingZeros().toPlainString()
                  + ", or as many per cent";
          if (!SHARE.matcher(text).matches()) {
            throw new ConfigMistake(
                ConfigCode.BAD_NUMBER, "'" + text + "' is not a share; " + expected);
          }
          boolean percent = text.endsWith("%");
          BigDecimal number =
              new BigDecimal(percent ? text.substring(0, text.length() - 1).strip() : text);
          double value = (percent ? number.movePointLeft(2) : number).doubleValue();
          if (value < least || value > most) {
            throw new ConfigMistake(ConfigCode.BAD_NUMBER, text + "; " + expected);
          }
          return value;
        },
        value -> BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
  }
}
