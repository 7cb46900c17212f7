package io.skein.app.config;

import io.skein.cli.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One mapping being bound. The binder asks it for each key it knows; what nobody asked for is
/// unknown. A bad value becomes a problem and the default stands in for it, so that binding goes on
/// and finds the other problems.
final class Section {
  private final Binding binding;
  private final String path;
  private final Place place;
  private final Map<String, NodeTuple> tuples = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private boolean clean = true;

  private Section(Binding binding, String path, Place place, Optional<MappingNode> node) {
    this.binding = binding;
    this.path = path;
    this.place = place;
    node.ifPresent(this::index);
  }

  /// Binds the top level.
  static <T> T root(Binding binding, Optional<MappingNode> node, Function<Section, T> binder) {
    Section root = new Section(binding, "", new Place.Default(), node);
    T value = binder.apply(root);
    root.finish();
    return value;
  }

  /// A value with the place it came from.
  ///
  /// @param indirect true if the file only refers to it
  private record Raw(String text, Place place, boolean indirect) {}

  String path(String key) {
    if (key.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  /// One value with a default.
  <T> T value(String key, ValueType<T> type, T fallback) {
    String shown = type.show().apply(fallback);
    Optional<Raw> raw = ask(key, shown);
    if (raw.isEmpty() && !tuples.containsKey(key)) {
      binding.effective(path(key), shown, new Place.Default());
    }
    return raw.flatMap(each -> parse(path(key), type, each)).orElse(fallback);
  }

  /// One value that may be missing.
  <T> Optional<T> optional(String key, ValueType<T> type) {
    return ask(key, "").flatMap(each -> parse(path(key), type, each));
  }

  /// One value that must be there.
  ///
  /// @param placeholder stands in for it after the problem
  <T> T required(String key, ValueType<T> type, T placeholder) {
    Optional<Raw> raw = ask(key, "");
    if (raw.isEmpty() && !tuples.containsKey(key) && !binding.listing()) {
      problem(
          ConfigCode.MISSING_KEY,
          path,
          path.isEmpty() ? beginning() : place,
          (path.isEmpty() ? "" : path + ": ") + "key '" + key + "' is missing; it has no default");
    }
    return raw.flatMap(each -> parse(path(key), type, each)).orElse(placeholder);
  }

  /// Where the first key stands: the top level has no place of its own.
  private Place beginning() {
    return tuples.values().stream()
        .findFirst()
        .map(tuple -> binding.file().place(tuple.getKeyNode()))
        .orElse(place);
  }

  /// A secret: as [#optional], but refused if the file spells it out.
  Optional<Secret> secret(String key) {
    return ask(key, "")
        .flatMap(raw -> {
          if (raw.place() instanceof Place.InFile at && !raw.indirect()) {
            problem(
                ConfigCode.SECRET_IN_FILE,
                path(key),
                mask(at),
                path(key)
                    + ": a secret is written into the file; expected "
                    + key
                    + "-file, or ${VARIABLE} or ${file:/path}");
            return Optional.empty();
          }
          return parse(path(key), ValueType.SECRET, raw);
        });
  }

  private static Place mask(Place.InFile at) {
    int before = at.text().offsetByCodePoints(0, at.column() - 1);
    return new Place.InFile(
        at.file(), at.line(), at.column(), 3, at.text().substring(0, before) + "***");
  }

  /// A list of values; from a flag its repetitions, from the environment separated by commas.
  <T> List<T> values(String key, ValueType<T> type, int most) {
    asked.add(key);
    List<Raw> raws =
        compact(key)
            .orElseGet(() ->
                sequence(key).stream()
                    .flatMap(item -> scalar(item.path(), item.node()).stream())
                    .toList());
    binding.knows(path(key), Binding.variable(path(key)), "[]");
    if (raws.size() > most) {
      tooMany(key, raws.size(), most, raws.get(most).place());
      return List.of();
    }
    List<T> out = new ArrayList<>();
    for (int i = 0; i < raws.size(); i++) {
      parse(path(key) + "[" + i + "]", type, raws.get(i)).ifPresent(out::add);
    }
    if (raws.isEmpty() && !tuples.containsKey(key)) {
      binding.effective(path(key), "[]", new Place.Default());
    }
    return out;
  }

  /// A list given in short form by a flag or a variable, as texts; empty if by neither.
  <T> Optional<List<T>> shortForm(String key, int most, Function<Short, Optional<T>> bind) {
    asked.add(key);
    binding.knows(path(key), Binding.variable(path(key)), "[]");
    return compact(key)
        .map(raws -> {
          if (raws.size() > most) {
            tooMany(key, raws.size(), most, raws.get(most).place());
            return List.of();
          }
          List<T> out = new ArrayList<>();
          for (int i = 0; i < raws.size(); i++) {
            Raw raw = raws.get(i);
            bind.apply(new Short(path(key) + "[" + i + "]", i, raw.text(), raw.place()))
                .ifPresent(out::add);
          }
          return out;
        });
  }

  /// One element of a list in short form.
  record Short(String path, int index, String text, Place place) {}

  /// A value found inside a short form.
  <T> Optional<T> parse(String valuePath, ValueType<T> type, String text, Place from) {
    return parse(valuePath, type, new Raw(text, from, false));
  }

  /// A mapping of further keys; without one its keys have their defaults, or those of the
  /// environment and the flags.
  <T> T section(String key, Function<Section, T> binder) {
    return bind(child(key), binder);
  }

  /// A mapping that may be missing and then means something else than its defaults.
  <T> Optional<T> optionalSection(String key, Function<Section, T> binder) {
    if (!tuples.containsKey(key) && !binding.listing()) {
      asked.add(key);
      return Optional.empty();
    }
    return Optional.of(bind(child(key), binder));
  }

  /// A list of mappings that are unique by name. Elements with problems are left out.
  <T> List<T> sections(
      String key, int most, Function<Section, T> binder, Function<T, String> nameOf) {
    List<T> out = new ArrayList<>();
    Map<String, String> paths = new LinkedHashMap<>();
    List<Item> items = sequence(key);
    binding.knows(path(key), "", "[]");
    if (items.size() > most) {
      tooMany(key, items.size(), most, binding.file().place(items.get(most).node()));
      return List.of();
    }
    if (binding.listing()) {
      bind(new Section(binding, path(key) + "[]", place, Optional.empty()), binder);
    }
    for (Item item : items) {
      Place at = binding.file().place(item.node());
      if (!(item.node() instanceof MappingNode mapping)) {
        problem(
            ConfigCode.WRONG_SHAPE,
            item.path(),
            at,
            item.path() + ": " + shape(item.node()) + "; expected a mapping of keys");
        continue;
      }
      Section section = new Section(binding, item.path(), at, Optional.of(mapping));
      T value = bind(section, binder);
      if (!section.clean) {
        continue;
      }
      String before = paths.putIfAbsent(nameOf.apply(value), item.path());
      if (before == null) {
        out.add(value);
      } else {
        String mention = binding.place(before + ".name").map(Place::mention).orElse("default");
        problem(
            ConfigCode.DUPLICATE_NAME,
            item.path() + ".name",
            section.placeOf("name"),
            item.path()
                + ".name: '"
                + nameOf.apply(value)
                + "' is also the name of "
                + before
                + " ("
                + mention
                + ")");
      }
    }
    return out;
  }

  /// Builds a record whose constructor checks values against each other.
  ///
  /// @param fallback stands in for it after the problem
  <T> T build(Supplier<T> constructor, Supplier<T> fallback) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      ConfigMistake mistake =
          e instanceof ConfigMistake known
              ? known
              : new ConfigMistake(ConfigCode.CONTRADICTION, String.valueOf(e.getMessage()));
      // After another problem here, a default stands in for somebody's value: no verdict on it.
      if (clean) {
        Place at = placeOf(mistake.key());
        String key = path(mistake.key());
        String start = key.isEmpty() ? "" : key + ": ";
        problem(mistake.code(), key, at, start + mistake.detail());
      }
      return fallback.get();
    }
  }

  /// Whether the keys are only listed: nothing is given, and nothing is missing.
  boolean listing() {
    return binding.listing();
  }

  /// The text of the document within this section: what was said that is not the default.
  ///
  /// @param belongs whether a key, such as `timeouts.connect`, is part of the document
  String text(Predicate<String> belongs) {
    return CanonicalText.of(binding, path, belongs);
  }

  /// Where the value of `key` came from; the section's own place if it has none.
  Place placeOf(String key) {
    Place at = binding.place(path(key)).orElse(place);
    return at instanceof Place.Default ? place : at;
  }

  private void tooMany(String key, int count, int most, Place at) {
    problem(
        ConfigCode.BAD_NUMBER,
        path(key),
        at,
        path(key) + ": " + count + " items; expected at most " + most);
  }

  /// Reports a problem of this section.
  void problem(ConfigCode code, String key, Place at, String message) {
    clean = false;
    binding.problem(code, key, at, message);
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL) && node instanceof ScalarNode scalar && scalar.isPlain();
  }

  private <T> T bind(Section section, Function<Section, T> binder) {
    T value = binder.apply(section);
    section.finish();
    clean &= section.clean;
    return value;
  }

  private Section child(String key) {
    asked.add(key);
    NodeTuple tuple = tuples.get(key);
    if (tuple == null) {
      return new Section(binding, path(key), new Place.Default(), Optional.empty());
    }
    Node value = tuple.getValueNode();
    Place at = binding.file().place(tuple.getKeyNode());
    if (value instanceof MappingNode mapping) {
      return new Section(binding, path(key), at, Optional.of(mapping));
    }
    if (!isNull(value)) {
      problem(
          ConfigCode.WRONG_SHAPE,
          path(key),
          binding.file().place(value),
          path(key) + ": " + shape(value) + "; expected a mapping of keys");
    }
    return new Section(binding, path(key), at, Optional.empty());
  }

  private void index(MappingNode node) {
    for (NodeTuple tuple : node.getValue()) {
      Place at = binding.file().place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(ConfigCode.WRONG_SHAPE, path, at, "a key is not a word; expected 'key: value'");
        continue;
      }
      NodeTuple before = tuples.putIfAbsent(key.getValue(), tuple);
      if (before != null) {
        String mention = binding.file().place(before.getKeyNode()).mention();
        problem(
            ConfigCode.DUPLICATE_KEY,
            path(key.getValue()),
            at,
            "key '"
                + key.getValue()
                + "' is given twice"
                + where()
                + " (first on "
                + mention
                + ")");
      }
    }
  }

  private void finish() {
    for (Map.Entry<String, NodeTuple> each : tuples.entrySet()) {
      if (!asked.contains(each.getKey())) {
        problem(
            ConfigCode.UNKNOWN_KEY,
            path(each.getKey()),
            binding.file().place(each.getValue().getKeyNode()),
            "unknown key '" + each.getKey() + "'" + where() + Spelling.hint(each.getKey(), asked));
      }
    }
  }

  private String where() {
    return path.isEmpty() ? " at the top level" : " in " + path;
  }

  private Optional<Raw> ask(String key, String fallback) {
    asked.add(key);
    String full = path(key);
    String variable = Binding.variable(full);
    binding.knows(full, variable, fallback);
    Optional<CommandLineOverrides.Given> flag = binding.flags().given(full);
    if (flag.isPresent()) {
      Place at = new Place.OnCommandLine(flag.get().flag());
      return Optional.of(new Raw(flag.get().values().getLast(), at, true));
    }
    String fromEnvironment = binding.environment().getOrDefault(variable, "");
    if (!fromEnvironment.isEmpty()) {
      return Optional.of(new Raw(fromEnvironment, new Place.InEnvironment(variable), true));
    }
    NodeTuple tuple = tuples.get(key);
    return tuple == null ? Optional.empty() : scalar(full, tuple.getValueNode());
  }

  private Optional<List<Raw>> compact(String key) {
    String full = path(key);
    Optional<CommandLineOverrides.Given> flag = binding.flags().given(full);
    if (flag.isPresent()) {
      Place at = new Place.OnCommandLine(flag.get().flag());
      return Optional.of(flag.get().values().stream().map(v -> new Raw(v, at, true)).toList());
    }
    String variable = Binding.variable(full);
    String text = binding.environment().getOrDefault(variable, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Place at = new Place.InEnvironment(variable);
    List<Raw> out = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      out.add(new Raw(each.strip(), at, true));
    }
    return Optional.of(out);
  }

  private Optional<Raw> scalar(String full, Node node) {
    Place at = binding.file().place(node);
    if (!(node instanceof ScalarNode scalar)) {
      problem(ConfigCode.WRONG_SHAPE, full, at, full + ": " + shape(node) + "; expected one value");
      return Optional.empty();
    }
    if (isNull(node)) {
      problem(
          ConfigCode.WRONG_SHAPE,
          full,
          at,
          full + ": no value; give one, or remove the key to get its default");
      return Optional.empty();
    }
    if (binding.literal()) {
      return Optional.of(new Raw(scalar.getValue(), at, false));
    }
    try {
      Interpolation.Expanded expanded =
          Interpolation.expand(scalar.getValue(), binding.environment());
      return Optional.of(new Raw(expanded.text(), at, expanded.indirect()));
    } catch (ConfigMistake mistake) {
      problem(mistake.code(), full, at, full + ": " + mistake.detail());
      return Optional.empty();
    }
  }

  private record Item(String path, Node node) {}

  private List<Item> sequence(String key) {
    asked.add(key);
    NodeTuple tuple = tuples.get(key);
    if (tuple == null || isNull(tuple.getValueNode())) {
      return List.of();
    }
    if (!(tuple.getValueNode() instanceof SequenceNode sequence)) {
      problem(
          ConfigCode.WRONG_SHAPE,
          path(key),
          binding.file().place(tuple.getValueNode()),
          path(key) + ": " + shape(tuple.getValueNode()) + "; expected a list ('- ' items)");
      return List.of();
    }
    List<Item> out = new ArrayList<>();
    for (Node node : sequence.getValue()) {
      out.add(new Item(path(key) + "[" + out.size() + "]", node));
    }
    return out;
  }

  private <T> Optional<T> parse(String valuePath, ValueType<T> type, Raw raw) {
    try {
      T value = type.parse().apply(raw.text());
      binding.effective(valuePath, type.show().apply(value), raw.place());
      return Optional.of(value);
    } catch (ConfigMistake mistake) {
      problem(mistake.code(), valuePath, raw.place(), valuePath + ": " + mistake.detail());
      return Optional.empty();
    }
  }

  private static String shape(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default -> isNull(node) ? "no value" : "one value";
    };
  }
}
