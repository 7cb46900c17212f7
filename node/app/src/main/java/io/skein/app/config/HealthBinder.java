package io.skein.app.config;

import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.proxy.discovery.DnsQuery;
import io.skein.proxy.health.Probe;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Binds how a service's endpoints are checked and found: the keys of `health` that its record has
/// no fields for, and `discovery`.
final class HealthBinder {
  private static final int MOST_RANGES = 8;
  private static final int MOST_SERVERS = 4;
  private static final int MOST_IN_ROW = 100;
  private static final Pattern STATUSES = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
  private static final Duration LEAST_TTL = Duration.ofSeconds(1);
  private static final Duration MOST_TTL = Duration.ofHours(24);
  private static final ValueType<String> TEXT =
      ValueType.text(text -> {
        if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > Probe.MAX_TEXT_BYTES) {
          throw new ConfigMistake(
              ConfigCode.BAD_NAME, "expected a text of 1 to " + Probe.MAX_TEXT_BYTES + " bytes");
        }
        return text;
      });
  private static final ValueType<String> AUTHORITY =
      checked(text -> {
        var _ = new Probe.Field("host", text);
        return text;
      });
  private static final ValueType<String> DNS_NAME = checked(DnsQuery::requireName);
  private static final ValueType<Probe.Statuses> STATUS_RANGE =
      new ValueType<>(
          HealthBinder::statuses,
          range ->
              range.from() == range.to() ? "" + range.from() : range.from() + "-" + range.to());
  private static final ValueType<Probe.Field> FIELD =
      new ValueType<>(HealthBinder::field, field -> field.name() + ": " + field.value());

  private HealthBinder() {}

  static HealthWish health(Section section) {
    ValueType<Duration> pause = ValueType.duration(HealthConfig.LEAST, HealthConfig.MOST);
    ValueType<Integer> inRow = ValueType.integer(1, MOST_IN_ROW);
    return new HealthWish(
        section.optional("kind", ValueType.word(HealthWish.Kind.values(), HealthWish.Kind::word)),
        section.values("status", STATUS_RANGE, MOST_RANGES),
        section.optional("host", AUTHORITY),
        section.values("headers", FIELD, Probe.MAX_FIELDS),
        section.optional("body", TEXT),
        section.optional("send", TEXT),
        section.optional("expect", TEXT),
        section.optional("grpc-service", TEXT),
        section.optional("tls", ValueType.SWITCH),
        section.optional("server-name", ValueType.HOST),
        section.optional("verify", ValueType.SWITCH),
        number(section.optional("healthy-after", inRow)),
        number(section.optional("unhealthy-after", inRow)),
        section.optional("while-bad", pause));
  }

  static DiscoveryWish discovery(Section section) {
    ValueType<Duration> ttl = ValueType.duration(LEAST_TTL, MOST_TTL);
    Optional<String> name = section.optional("name", DNS_NAME);
    DnsQuery.Kind kind =
        section
            .optional("kind", ValueType.word(DnsQuery.Kind.values(), DnsQuery.Kind::word))
            .orElse(DnsQuery.Kind.ADDRESS);
    int port = section.optional("port", ValueType.integer(1, 65_535)).orElse(80);
    return new DiscoveryWish(
        name.map(known -> new DnsQuery(kind, known, port)),
        section
            .optional(
                "scheme",
                ValueType.word(
                    new String[] {"http", "https", "h2c", "tcp", "tls"}, Function.identity()))
            .orElse("http"),
        section.values("servers", ValueType.REACHABLE, MOST_SERVERS).stream()
            .map(server -> InetSocketAddress.createUnresolved(server.host(), server.port()))
            .toList(),
        section.optional("min-ttl", ttl),
        section.optional("max-ttl", ttl));
  }

  private static OptionalInt number(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private static Probe.Statuses statuses(String text) {
    var matcher = STATUSES.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER, "'" + text + "' is no status; expected 200 or 200-299");
    }
    int from = Integer.parseInt(matcher.group(1));
    int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
    return said(() -> new Probe.Statuses(from, to));
  }

  private static Probe.Field field(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME, "'" + text + "' is no header field; expected 'Name: value'");
    }
    return said(() -> new Probe.Field(text.substring(0, colon), text.substring(colon + 1).strip()));
  }

  private static ValueType<String> checked(Function<String, String> check) {
    return ValueType.text(text -> said(() -> check.apply(text)));
  }

  private static <T> T said(java.util.function.Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigMistake(ConfigCode.BAD_NAME, String.valueOf(e.getMessage()));
    }
  }
}
