package io.skein.app.config;

import io.skein.app.traffic.Route;
import io.skein.app.traffic.RouteTraffic;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.Condition;
import io.skein.proxy.route.PathMatch;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.TextMatch;
import io.skein.proxy.web.Web;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/// Binds a route: every key of a route's document, its type and its default stand in this file. The
/// result is the rule that proxies follow.
final class RouteBinder {
  static final int MAX_ROUTES = 1_000;
  private static final int MAX_HOSTS = 16;
  private static final int MAX_LIST = 16;
  private static final int MAX_VALUE = 512;
  private static final int DEFAULT_MIRROR_BODY = 64 * 1024;
  private static final int MOST_MIRROR_BODY = 1024 * 1024;
  private static final int PERMANENT_LEAST = 300;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

  private static final ValueType<String> HOST =
      ValueType.text(text -> {
        ServiceConfig.host(text.startsWith("*.") ? text.substring(2) : text);
        return text;
      });
  private static final ValueType<String> METHOD =
      ValueType.text(text -> matching(text, "[A-Z]{1,20}", "a method such as GET"));
  private static final ValueType<String> NAME =
      ValueType.text(text ->
          matching(text, "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}", "the name of a header field"));
  private static final ValueType<String> EDITED =
      ValueType.text(text -> {
        String name = NAME.parse().apply(text);
        if (!Action.Line.mayChange(name)) {
          throw new ConfigMistake(
              ConfigCode.BAD_NAME, "'" + name + "' is the proxy's own; expected another field");
        }
        return name;
      });
  private static final ValueType<String> VALUE =
      ValueType.text(text -> matching(text, "[\\t -~\\u0080-\\u00ff]{0,512}", "a field's value"));
  private static final ValueType<String> TEXT =
      ValueType.text(text -> {
        if (text.length() > MAX_VALUE) {
          throw new ConfigMistake(ConfigCode.BAD_NAME, "longer than 512 characters");
        }
        return text;
      });
  private static final ValueType<PathMatch> PREFIX = path(PathMatch.Prefix::new);
  private static final ValueType<PathMatch> EXACT = path(PathMatch.Exact::new);
  private static final ValueType<PathMatch> PATH_REGEX = path(PathMatch.Regex::new);
  private static final ValueType<TextMatch> REGEX =
      new ValueType<>(
          text -> checked(text, TextMatch.Regex::new),
          match -> ((TextMatch.Regex) match).pattern().pattern());

  private RouteBinder() {}

  /// A route's document: the rule of that name, and what its requests get.
  static Route route(Section route, String name) {
    int priority = route.value("priority", signed(1_000), 0);
    Matched matched = route.section("match", RouteBinder::match);
    Timed timed = route.section("timeouts", RouteBinder::timed);
    Rule rule =
        new Rule(
            name,
            priority,
            matched.hosts(),
            matched.path(),
            matched.methods(),
            matched.headers(),
            matched.query(),
            action(route, matched.path(), timed.patience()));
    RouteTraffic traffic = RouteTrafficBinder.bind(route, timed.total());
    if (!traffic.equals(RouteTraffic.NONE)
        && !(rule.action() instanceof Action.Forward)
        && !route.listing()) {
      return route.build(
          () -> {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                "nothing is forwarded, so there is nothing to retry, to hedge or to limit");
          },
          () -> new Route(rule, traffic));
    }
    return new Route(rule, traffic);
  }

  private record Matched(
      List<String> hosts,
      PathMatch path,
      List<String> methods,
      List<Condition> headers,
      List<Condition> query) {}

  private static Matched match(Section match) {
    return new Matched(
        match.values("hosts", HOST, MAX_HOSTS),
        match.section("path", RouteBinder::path),
        match.values("methods", METHOD, MAX_LIST),
        match.sections("headers", MAX_LIST, each -> condition(each, NAME), Condition::toString),
        match.sections("query", MAX_LIST, each -> condition(each, TEXT), Condition::toString));
  }

  private static PathMatch path(Section path) {
    List<Optional<PathMatch>> given =
        List.of(
            path.optional("exact", EXACT),
            path.optional("prefix", PREFIX),
            path.optional("regex", PATH_REGEX));
    return oneOf(path, "exact, prefix and regex", given).orElse(PathMatch.ANY);
  }

  private static Condition condition(Section section, ValueType<String> nameType) {
    String name = section.required("name", nameType, "x");
    List<Optional<TextMatch>> given =
        List.of(
            section.optional("exact", TEXT).map(TextMatch.Exact::new),
            section.optional("prefix", TEXT).map(TextMatch.Prefix::new),
            section.optional("regex", REGEX));
    TextMatch match =
        oneOf(section, "exact, prefix and regex", given).orElseGet(TextMatch.Present::new);
    return new Condition(name, match, section.value("not", ValueType.SWITCH, false));
  }

  private static Action action(Section route, PathMatch path, Action.Patience patience) {
    List<Action.Share> shares =
        route.sections(
            "services",
            MAX_LIST,
            each ->
                new Action.Share(
                    each.required("name", ValueType.CATALOGUE_NAME, "unnamed"),
                    each.value("weight", ValueType.integer(0, 1_000), 1)),
            Action.Share::service);
    Rewriting rewriting = route.section("rewrite", each -> rewriting(each, path));
    Action.Edits request = route.section("request-headers", RouteBinder::edits);
    Action.Edits response = route.section("response-headers", RouteBinder::edits);
    Optional<Action.Mirror> mirror = route.optionalSection("mirror", RouteBinder::mirror);
    Web.Change web = WebBinder.route(route);
    Optional<Action> redirect =
        route.optionalSection("redirect", each -> redirect(each, path)).map(each -> each);
    Optional<Action> answer = route.optionalSection("answer", RouteBinder::answer).map(e -> e);
    Action.Answer nothing = new Action.Answer(404, "text/plain", "");
    Optional<Action> forward =
        shares.isEmpty()
            ? Optional.empty()
            : Optional.of(
                route.build(
                    () ->
                        new Action.Forward(
                            shares,
                            rewriting.path(),
                            rewriting.host(),
                            request,
                            response,
                            patience,
                            mirror,
                            web),
                    () -> nothing));
    Optional<Action> action =
        oneOf(route, "services, redirect and answer", List.of(forward, redirect, answer));
    if (action.isEmpty() && !route.listing()) {
      return route.build(
          () -> {
            throw new ConfigMistake(
                ConfigCode.MISSING_KEY, "nothing is done; expected services, redirect or answer");
          },
          () -> nothing);
    }
    return action.orElse(nothing);
  }

  private record Rewriting(Action.Rewrite path, String host) {}

  private static Rewriting rewriting(Section section, PathMatch path) {
    return new Rewriting(
        newPath(section, path),
        section.optional("host", ValueType.text(text -> authority(text))).orElse(""));
  }

  private static String authority(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      ServiceConfig.host(text);
      return text;
    }
    String host = text.substring(0, colon);
    ServiceConfig.host(host);
    return host + ":" + ValueType.integer(1, 65_535).parse().apply(text.substring(colon + 1));
  }

  private static Action.Rewrite newPath(Section section, PathMatch path) {
    Optional<PathMatch> prefix = section.optional("prefix", PREFIX);
    Optional<String> regex = section.optional("regex", TEXT);
    boolean form = path instanceof PathMatch.Regex;
    if ((prefix.isPresent() && form) || (regex.isPresent() && !form)) {
      String key = prefix.isPresent() ? "prefix" : "regex";
      section.problem(
          ConfigCode.CONTRADICTION,
          section.path(key),
          section.placeOf(key),
          section.path(key)
              + (form
                  ? ": the route matches by regex; expected regex here too"
                  : ": the route does not match by regex; expected prefix"));
    }
    List<Optional<Action.Rewrite>> given =
        List.of(
            prefix.map(with -> new Action.Rewrite.Prefix(with.text())),
            regex.map(Action.Rewrite.Substitution::new));
    regex.filter(_ -> form).ifPresent(with -> tryOut(section, path, with));
    return oneOf(section, "prefix and regex", given).orElseGet(Action.Rewrite.Keep::new);
  }

  /// Finds `$9` where there is no ninth group now, instead of at the first request.
  private static void tryOut(Section section, PathMatch path, String with) {
    if (path instanceof PathMatch.Regex(var pattern)) {
      int groups = pattern.groupCount();
      String forms = groups == 0 ? "$0" : "$0 to $" + groups;
      for (int i = with.indexOf('$'); i >= 0; i = with.indexOf('$', i + 1)) {
        char next = i + 1 < with.length() ? with.charAt(i + 1) : ' ';
        boolean second = i + 2 < with.length() && Character.isDigit(with.charAt(i + 2));
        if (next < '0' || next > '9' || next - '0' > groups || second) {
          section.problem(
              ConfigCode.BAD_PATTERN,
              section.path("regex"),
              section.placeOf("regex"),
              section.path("regex") + ": '$' and no group of the pattern; expected " + forms);
          return;
        }
      }
      if (with.indexOf('\\') >= 0) {
        section.problem(
            ConfigCode.BAD_PATTERN,
            section.path("regex"),
            section.placeOf("regex"),
            section.path("regex") + ": a backslash is no part of a path");
      }
    }
  }

  private static Action.Edits edits(Section section) {
    return new Action.Edits(
        section.sections("set", MAX_LIST, RouteBinder::line, Action.Line::name),
        section.sections("add", MAX_LIST, RouteBinder::line, Action.Line::toString),
        section.values("remove", EDITED, MAX_LIST));
  }

  private static Action.Line line(Section section) {
    return new Action.Line(
        section.required("name", EDITED, "x"), section.required("value", VALUE, ""));
  }

  private record Timed(Action.Patience patience, Optional<Duration> total) {}

  private static Timed timed(Section section) {
    ValueType<Duration> type =
        ValueType.duration(ProxyConfig.Timeouts.LEAST, ProxyConfig.Timeouts.MOST);
    return new Timed(
        new Action.Patience(
            nanos(section.optional("connect", type)),
            nanos(section.optional("first-byte", type)),
            nanos(section.optional("idle", type))),
        section.optional("total", ValueType.duration(Duration.ZERO, ProxyConfig.Timeouts.MOST)));
  }

  private static OptionalLong nanos(Optional<Duration> time) {
    return time.map(each -> OptionalLong.of(each.toNanos())).orElseGet(OptionalLong::empty);
  }

  private static Action.Mirror mirror(Section section) {
    return new Action.Mirror(
        section.required("service", ValueType.CATALOGUE_NAME, "unnamed"),
        (int) Math.round(section.value("share", ValueType.fraction(1), 1.0) * Action.Mirror.WHOLE),
        (int)
            (long)
                section.value(
                    "max-body", ValueType.bytes(0, MOST_MIRROR_BODY), (long) DEFAULT_MIRROR_BODY));
  }

  private static Action redirect(Section section, PathMatch path) {
    Optional<Integer> port = section.optional("port", ValueType.integer(1, 65_535));
    return new Action.Redirect(
        section
            .optional("scheme", ValueType.word(new String[] {"http", "https"}, Function.identity()))
            .orElse(""),
        section.optional("host", ValueType.HOST).orElse(""),
        port.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        newPath(section, path),
        section.value(
            "status",
            new ValueType<>(
                text -> {
                  int status = ValueType.integer(PERMANENT_LEAST, 399).parse().apply(text);
                  if (!REDIRECTS.contains(status)) {
                    throw new ConfigMistake(
                        ConfigCode.BAD_NUMBER,
                        status + " is no redirect; expected 301, 302, 303, 307 or 308");
                  }
                  return status;
                },
                status -> Integer.toString(status)),
            302));
  }

  private static Action answer(Section section) {
    int status = section.value("status", ValueType.integer(200, 599), 200);
    String type = section.value("type", VALUE, "text/plain; charset=utf-8");
    String body = section.optional("body", ValueType.text(text -> text)).orElse("");
    return section.build(
        () -> new Action.Answer(status, type, body), () -> new Action.Answer(404, "", ""));
  }

  private static <T> Optional<T> oneOf(Section section, String which, List<Optional<T>> given) {
    List<T> found = new ArrayList<>();
    given.forEach(each -> each.ifPresent(found::add));
    if (found.size() > 1 && !section.listing()) {
      section.build(
          () -> {
            throw new ConfigMistake(
                ConfigCode.EXCLUSIVE_KEYS, "several of " + which + "; expected one");
          },
          () -> "");
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  private static ValueType<PathMatch> path(Function<String, PathMatch> form) {
    return new ValueType<>(text -> checked(text, form), PathMatch::text);
  }

  private static <T> T checked(String text, Function<String, ? extends T> form) {
    if (text.length() > MAX_VALUE) {
      throw new ConfigMistake(ConfigCode.BAD_PATH, "longer than 512 characters");
    }
    try {
      return form.apply(text);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw new ConfigMistake(
          why.startsWith("regex") ? ConfigCode.BAD_PATTERN : ConfigCode.BAD_PATH, why);
    }
  }

  private static String matching(String text, String form, String expected) {
    if (!text.matches(form)) {
      throw new ConfigMistake(ConfigCode.BAD_NAME, "'" + text + "' is not " + expected);
    }
    return text;
  }

  private static ValueType<Integer> signed(int most) {
    ValueType<Integer> size = ValueType.integer(0, most);
    return new ValueType<>(
        text ->
            text.startsWith("-")
                ? -size.parse().apply(text.substring(1))
                : size.parse().apply(text),
        value -> Integer.toString(value));
  }
}
