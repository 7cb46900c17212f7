package io.skein.app.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// A configuration file as text and as nodes that know their positions.
final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 32;

  private final String label;
  private final List<String> lines;

  private YamlFile(String label, String text) {
    this.label = label;
    this.lines = List.of(text.split("\r\n|\n|\r", -1));
  }

  /// The file's mapping and its text.
  ///
  /// @param file for positions
  /// @param root its top level; empty if the file says nothing
  record Read(YamlFile file, Optional<MappingNode> root) {}

  /// Reads and parses `path`; what is wrong goes to `problems`, and then the result is empty.
  static Optional<Read> read(Path path, Consumer<ConfigProblem> problems) {
    String label = path.toString();
    String text;
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new IOException("it is larger than 1 MiB");
      }
      text = Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      String why =
          switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case CharacterCodingException _ -> "it is not UTF-8";
            default -> String.valueOf(e.getMessage());
          };
      problems.accept(
          new ConfigProblem(
              ConfigCode.FILE_UNREADABLE,
              "",
              new Place.WholeFile(label),
              "cannot be read: " + why + "; expected a YAML file (--config, SKEIN_CONFIG)"));
      return Optional.empty();
    }
    return parse(label, text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
  }

  static Optional<Read> parse(String label, String text, Consumer<ConfigProblem> problems) {
    YamlFile file = new YamlFile(label, text);
    LoadSettings settings =
        LoadSettings.builder().setLabel(label).setSchema(new CoreSchema()).build();
    try {
      Optional<ConfigProblem> outline = file.outline(settings, text);
      if (outline.isPresent()) {
        problems.accept(outline.get());
        return Optional.empty();
      }
      Optional<Node> node = new Compose(settings).composeString(text);
      if (node.isPresent() && Section.isNull(node.get())) {
        return Optional.of(new Read(file, Optional.empty()));
      }
      if (node.isPresent() && !(node.get() instanceof MappingNode)) {
        problems.accept(
            new ConfigProblem(
                ConfigCode.BAD_DOCUMENT,
                "",
                file.place(node.get()),
                "the top level is not a mapping; expected keys such as 'node:'"));
        return Optional.empty();
      }
      return Optional.of(new Read(file, node.map(MappingNode.class::cast)));
    } catch (MarkedYamlEngineException e) {
      String what = String.valueOf(e.getProblem()).strip();
      Place place =
          e.getProblemMark()
              .<Place>map(mark -> file.place(mark, 1))
              .orElseGet(() -> new Place.WholeFile(label));
      problems.accept(new ConfigProblem(ConfigCode.NOT_YAML, "", place, "not YAML: " + what));
    } catch (YamlEngineException e) {
      String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      problems.accept(
          new ConfigProblem(
              ConfigCode.NOT_YAML, "", new Place.WholeFile(label), "not YAML: " + what));
    }
    return Optional.empty();
  }

  /// Composing recurses once per level, so depth is bounded by looking at the events first.
  private Optional<ConfigProblem> outline(LoadSettings settings, String text) {
    int depth = 0;
    int documents = 0;
    Iterator<Event> events = new Parse(settings).parseString(text).iterator();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        default -> {}
      }
      if (depth > MAX_DEPTH || documents > 1) {
        String why =
            documents > 1
                ? "a second document starts here; expected one"
                : "nested deeper than 32 levels";
        Place place =
            event
                .getStartMark()
                .<Place>map(mark -> place(mark, 1))
                .orElseGet(() -> new Place.WholeFile(label));
        return Optional.of(new ConfigProblem(ConfigCode.BAD_DOCUMENT, "", place, why));
      }
    }
    return Optional.empty();
  }

  /// Where a node is: its first line, its span on that line.
  Place place(Node node) {
    Optional<Mark> start = node.getStartMark();
    if (start.isEmpty()) {
      return new Place.WholeFile(label);
    }
    int length = 1;
    Optional<Mark> end = node.getEndMark();
    if (end.isPresent()) {
      boolean oneLine = end.get().getLine() == start.get().getLine();
      int to = oneLine ? end.get().getColumn() : line(start.get()).stripTrailing().length();
      length = Math.max(1, to - start.get().getColumn());
    }
    return place(start.get(), length);
  }

  private Place.InFile place(Mark mark, int length) {
    return new Place.InFile(label, mark.getLine() + 1, mark.getColumn() + 1, length, line(mark));
  }

  private String line(Mark mark) {
    return mark.getLine() < lines.size() ? lines.get(mark.getLine()) : "";
  }
}
