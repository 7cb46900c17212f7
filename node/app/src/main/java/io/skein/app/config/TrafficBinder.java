package io.skein.app.config;

import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.Sticky;
import io.skein.app.traffic.Traffic;
import io.skein.proxy.route.StickyCookie.SameSite;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// Binds a service's traffic: every key of the traffic document, its type and its range stand in
/// this file. A new section is a record in [Traffic], a method here and a line in [#traffic]; the
/// document's text, the configuration file, the API and the ledger follow from that.
final class TrafficBinder {
  private static final Set<String> OWN_FIELDS =
      Set.of(
          "name",
          "policy",
          "hosts",
          "path",
          "slow-after",
          "endpoints",
          "health.path",
          "health.interval",
          "health.timeout");

  private static final Set<String> CONDITIONS =
      Set.of("connect", "refused", "reset", "timeout", "5xx");

  static final int MOST_CONDITIONS = 32;
  static final int MOST_METHODS = 16;
  static final ValueType<Integer> TRIES = ValueType.integer(1, 10);
  static final ValueType<Duration> WAIT = ValueType.duration(Duration.ZERO, Duration.ofSeconds(30));

  static final ValueType<String> RETRY_CONDITION =
      ValueType.text(text -> {
        if (CONDITIONS.contains(text) || text.matches("[45][0-9][0-9]")) {
          return text;
        }
        throw new ConfigMistake(
            ConfigCode.UNKNOWN_WORD,
            "'"
                + text
                + "' is unknown; expected connect, refused, reset, timeout, 5xx or a status"
                + " from 400 to 599");
      });

  static final ValueType<String> METHOD =
      ValueType.text(text -> {
        if (text.matches("[A-Z]{1,20}")) {
          return text;
        }
        throw new ConfigMistake(
            ConfigCode.UNKNOWN_WORD, "'" + text + "' is no method; expected capital letters");
      });

  private static final Duration MOST_STICKY = Duration.ofDays(365);

  private static final ValueType<String> STICKY_NAME =
      ValueType.text(text -> {
        if (!text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")) {
          throw new ConfigMistake(
              ConfigCode.BAD_NAME, "'" + text + "' is not the name of a cookie or a header field");
        }
        return text;
      });

  private static final ValueType<String> COOKIE_PATH =
      ValueType.text(text -> {
        if (!text.matches("/[!-:<-~]{0,255}")) {
          throw new ConfigMistake(
              ConfigCode.BAD_NAME,
              "'" + text + "' is no path of a cookie; expected / and visible ASCII without ';'");
        }
        return text;
      });

  private TrafficBinder() {}

  /// The keys of a service's traffic; they stand beside the service's other keys.
  static Traffic traffic(Section service, HealthWish health) {
    return new Traffic(
        service.section("timeouts", TrafficBinder::timeouts),
        service.section("retries", TrafficBinder::retries),
        EndpointsBinder.bind(service),
        health,
        service.optionalSection("discovery", HealthBinder::discovery).orElse(DiscoveryWish.DEFAULT),
        ProtectionBinder.protection(service),
        service.section("sticky", TrafficBinder::sticky),
        WebBinder.service(service),
        service.section("balancing", BalancingBinder::bind));
  }

  /// The document on its own. Its `health` holds what the fields of the service's record do not.
  static Traffic document(Section root) {
    return traffic(
        root, root.optionalSection("health", HealthBinder::health).orElse(HealthWish.DEFAULT));
  }

  /// Whether a key of a service in the configuration file is part of its traffic document; the
  /// others have fields of their own in the service's record.
  static boolean belongs(String key) {
    return !key.startsWith("endpoints[") && !key.startsWith("hosts[") && !OWN_FIELDS.contains(key);
  }

  private static Sticky sticky(Section section) {
    Sticky.By by =
        section.value("by", ValueType.word(Sticky.By.values(), Sticky.By::word), Sticky.By.NOTHING);
    String name = section.optional("name", STICKY_NAME).orElse("");
    return new Sticky(by, name, cookie(section));
  }

  private static Sticky.Cookie cookie(Section section) {
    Sticky.Cookie usual = Sticky.Cookie.DEFAULT;
    Duration maxAge =
        section
            .optional("max-age", ValueType.duration(Duration.ofSeconds(1), MOST_STICKY))
            .orElse(usual.maxAge());
    String path = section.value("path", COOKIE_PATH, usual.path());
    SameSite sameSite =
        section.value(
            "same-site",
            ValueType.word(SameSite.values(), each -> each.text().toLowerCase(Locale.ROOT)),
            usual.sameSite());
    boolean secure = section.value("secure", ValueType.SWITCH, usual.secure());
    boolean httpOnly = section.value("http-only", ValueType.SWITCH, usual.httpOnly());
    boolean passOn = section.value("pass-on", ValueType.SWITCH, usual.passOn());
    return section.build(
        () -> {
          if (sameSite == SameSite.NONE && !secure) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                "same-site",
                "none; browsers take that with secure: true only");
          }
          return new Sticky.Cookie(maxAge, path, sameSite, secure, httpOnly, passOn);
        },
        () -> usual);
  }

  private static Traffic.Timeouts timeouts(Section section) {
    ValueType<Duration> type =
        ValueType.duration(ProxyConfig.Timeouts.LEAST, ProxyConfig.Timeouts.MOST);
    return new Traffic.Timeouts(
        section.optional("connect", type),
        section.optional("first-byte", type),
        section.optional("idle", type),
        section.value(
            "total",
            ValueType.duration(Duration.ZERO, ProxyConfig.Timeouts.MOST),
            Traffic.Timeouts.DEFAULT.total()));
  }

  private static Traffic.Retries retries(Section section) {
    Traffic.Retries usual = Traffic.Retries.DEFAULT;
    return new Traffic.Retries(
        section.optional("budget", ValueType.fraction(1)).stream()
            .mapToDouble(Double::doubleValue)
            .findFirst(),
        section.value("tries", TRIES, usual.tries()),
        section.values("on", RETRY_CONDITION, MOST_CONDITIONS),
        section.values("methods", METHOD, MOST_METHODS),
        section.value("backoff", WAIT, usual.backoff()),
        section.value("most-backoff", WAIT, usual.mostBackoff()));
  }
}
