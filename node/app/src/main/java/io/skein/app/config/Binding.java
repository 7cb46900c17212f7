package io.skein.app.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One run of the binder: its sources, and what it found.
final class Binding {
  private static final int MAX_PROBLEMS = 1_000;
  private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]");

  /// A key the binder asked for.
  ///
  /// @param path such as `services[].endpoints[].url`
  /// @param variable its environment variable; empty if it has none
  /// @param fallback its default as text; empty if it has none
  record KnownKey(String path, String variable, String fallback) {}

  private final Optional<YamlFile> file;
  private final Map<String, String> environment;
  private final CommandLineOverrides flags;
  private final boolean listing;
  private final boolean literal;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, Provenance.Entry> entries = new LinkedHashMap<>();
  private final Map<String, KnownKey> known = new LinkedHashMap<>();

  /// @param listing true to visit one element of every list, so that all keys become known
  Binding(
      Optional<YamlFile> file,
      Map<String, String> environment,
      CommandLineOverrides flags,
      boolean listing) {
    this(file, environment, flags, listing, false);
  }

  private Binding(
      Optional<YamlFile> file,
      Map<String, String> environment,
      CommandLineOverrides flags,
      boolean listing,
      boolean literal) {
    this.file = file;
    this.environment = environment;
    this.flags = flags;
    this.listing = listing;
    this.literal = literal;
  }

  /// One document and nothing else: what it says means itself, `${…}` included.
  static Binding literal(Optional<YamlFile> file) {
    return new Binding(file, Map.of(), CommandLineOverrides.NONE, false, true);
  }

  boolean literal() {
    return literal;
  }

  /// The valid values by path, in the order in which they were bound.
  Map<String, Provenance.Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /// The default of a path as text; empty if it has none.
  String fallback(String path) {
    KnownKey key = known.get(general(path));
    return key == null ? "" : key.fallback();
  }

  private static String general(String path) {
    return path.indexOf('[') < 0 ? path : INDEX.matcher(path).replaceAll("[]");
  }

  Map<String, String> environment() {
    return environment;
  }

  CommandLineOverrides flags() {
    return flags;
  }

  boolean listing() {
    return listing;
  }

  YamlFile file() {
    return file.orElseThrow();
  }

  /// The variable for a key, `SKEIN_MESH_BIND` for `mesh.bind`; empty for keys inside lists.
  static String variable(String path) {
    return path.indexOf('[') >= 0
        ? ""
        : "SKEIN_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  void knows(String path, String variable, String fallback) {
    String general = general(path);
    known.putIfAbsent(general, new KnownKey(general, variable, fallback));
  }

  List<KnownKey> knownKeys() {
    return List.copyOf(known.values());
  }

  void effective(String path, String value, Place place) {
    entries.put(path, new Provenance.Entry(value, place));
  }

  void withdraw(String path) {
    entries.remove(path);
  }

  /// Where the valid value of `path` came from; empty if there is none.
  Optional<Place> place(String path) {
    return Optional.ofNullable(entries.get(path)).map(Provenance.Entry::place);
  }

  Provenance provenance() {
    return new Provenance(entries);
  }

  void problem(ConfigProblem problem) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem);
    }
  }

  void problem(ConfigCode code, String key, Place place, String message) {
    problem(new ConfigProblem(code, key, place, message));
  }

  /// All problems: those of the file by position, then the others as they were found.
  List<ConfigProblem> problems() {
    if (problems.isEmpty()) {
      return List.of();
    }
    Comparator<ConfigProblem> byPosition =
        Comparator.comparingInt((ConfigProblem each) ->
                each.place() instanceof Place.InFile at ? at.line() : Integer.MAX_VALUE)
            .thenComparingInt(
                each -> each.place() instanceof Place.InFile at ? at.column() : Integer.MAX_VALUE);
    return problems.stream().sorted(byPosition).toList();
  }
}
