package io.skein.app.config;

import io.skein.app.traffic.Clause;
import io.skein.app.traffic.Route;
import io.skein.app.traffic.RouteTraffic;
import io.skein.app.traffic.Traffic;
import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import io.skein.ledger.record.ServiceChange;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.PathMatch;
import io.skein.proxy.route.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// What one JSON text says, bound like a configuration file: the same binder, the same words about
/// mistakes. Nothing in it is looked up in the environment or in files.
///
/// @param value what it says; the default of its kind if there are faults
/// @param text the shortest text that says the same: sorted, without defaults; empty if it says
///   nothing
/// @param faults what is wrong with it
/// @param unknown keys that nobody here knows, as JSON Pointers; only [#carried] allows them
/// @param <T> its kind
public record Document<T>(T value, String text, List<Fault> faults, List<String> unknown) {
  /// One mistake.
  ///
  /// @param pointer JSON Pointer (RFC 6901) into the document; empty: the whole
  /// @param message what is wrong and what was expected
  public record Fault(String pointer, String message) {}

  static final String TOO_LONG = "more than 8 KiB of settings; expected fewer";

  public Document {
    faults = List.copyOf(faults);
    unknown = List.copyOf(unknown);
  }

  /// Whether it can be used.
  public boolean good() {
    return faults.isEmpty();
  }

  /// Binds what somebody wants now: a key that nobody knows is a mistake.
  static <T> Document<T> wanted(String json, Function<Section, T> binder, T usual) {
    return read(json, binder, usual, false);
  }

  /// Binds what the ledger carries, perhaps written by a newer node: a key that nobody knows is
  /// passed over.
  static <T> Document<T> carried(String json, Function<Section, T> binder, T usual) {
    return read(json, binder, usual, true);
  }

  private static <T> Document<T> read(
      String json, Function<Section, T> binder, T usual, boolean lenient) {
    if (json.isEmpty()) {
      return new Document<>(usual, "", List.of(), List.of());
    }
    try {
      if (!(JsonText.parse(json.getBytes(StandardCharsets.UTF_8)) instanceof Json.Members)) {
        return bad(usual, "expected a JSON object");
      }
    } catch (IOException e) {
      return bad(usual, "not JSON: " + e.getMessage());
    }
    List<ConfigProblem> problems = new ArrayList<>();
    Optional<YamlFile.Read> read = YamlFile.parse("document", json, problems::add);
    Binding binding = Binding.literal(read.map(YamlFile.Read::file));
    Optional<MappingNode> root = read.flatMap(YamlFile.Read::root);
    T value = Section.root(binding, root, binder);
    problems.addAll(binding.problems());
    List<String> unknown = new ArrayList<>();
    List<Fault> faults = new ArrayList<>();
    for (ConfigProblem problem : problems) {
      String pointer = pointer(problem.key());
      if (lenient && problem.code() == ConfigCode.UNKNOWN_KEY) {
        unknown.add(pointer);
      } else {
        faults.add(new Fault(pointer, problem.message()));
      }
    }
    String text = faults.isEmpty() ? CanonicalText.of(binding, "", _ -> true) : "";
    if (tooLong(text)) {
      faults.add(new Fault("", TOO_LONG));
    }
    return faults.isEmpty()
        ? new Document<>(value, text, List.of(), unknown)
        : new Document<>(usual, "", faults, unknown);
  }

  /// Whether no record can carry the text.
  static boolean tooLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > ServiceChange.MAX_DOCUMENT;
  }

  private static <T> Document<T> bad(T usual, String message) {
    return new Document<>(usual, "", List.of(new Fault("", message)), List.of());
  }

  /// `/services/0/name` for `services[0].name`.
  static String pointer(String path) {
    if (path.isEmpty()) {
      return "";
    }
    String parts = path.replace("~", "~0").replace("/", "~1").replace("]", "");
    return "/" + parts.replace('.', '/').replace('[', '/');
  }

  /// A route as an operator wants it, or as a record carries it: a key that nobody knows here could
  /// narrow what it matches, so that such a route is not followed at all.
  public static Document<Route> route(String name, String json) {
    return wanted(
        json.isEmpty() ? "{}" : json,
        section -> RouteBinder.route(section, name),
        new Route(
            new Rule(
                name,
                0,
                List.of(),
                PathMatch.ANY,
                List.of(),
                List.of(),
                List.of(),
                new Action.Answer(404, "", "")),
            RouteTraffic.NONE));
  }

  /// A contract as an operator wants it, or as a record carries it: a key that nobody knows here
  /// could change what it says, and nodes would judge differently, so that such a contract is not
  /// judged at all.
  public static Document<Clause> contract(String json) {
    return wanted(json.isEmpty() ? "{}" : json, ContractBinder::clause, ContractBinder.NONE);
  }

  /// A service's traffic as an operator wants it.
  public static Document<Traffic> trafficWanted(String json) {
    return wanted(json, TrafficBinder::document, Traffic.DEFAULT);
  }

  /// A service's traffic as a record carries it.
  public static Document<Traffic> trafficCarried(String json) {
    return carried(json, TrafficBinder::document, Traffic.DEFAULT);
  }
}
