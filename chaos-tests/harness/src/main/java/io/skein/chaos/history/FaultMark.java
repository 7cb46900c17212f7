package io.skein.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a nemesis writes down when a fault begins and when it ends.
///
/// @param id which fault, the same at beginning and end
/// @param name the nemesis
/// @param begins whether it begins; else it ends
/// @param sides nodes by the part of the network they are in; empty if nothing is split
/// @param down nodes that cannot do what they are asked: killed, paused, without disk space
/// @param forgets nodes that lose records they had shown: wiped, restored from an image
/// @param touches nodes that it is done to, or to the endpoint beside them
/// @param about details, for people
public record FaultMark(
    long id,
    String name,
    boolean begins,
    List<List<String>> sides,
    List<String> down,
    List<String> forgets,
    List<String> touches,
    String about) {
  /// Copies the lists.
  public FaultMark {
    sides = sides.stream().map(List::copyOf).toList();
    down = List.copyOf(down);
    forgets = List.copyOf(forgets);
    touches = List.copyOf(touches);
  }

  /// A fault that does no more than its name says begins.
  public static FaultMark begins(long id, String name, String about) {
    return new FaultMark(id, name, true, List.of(), List.of(), List.of(), List.of(), about);
  }

  /// A fault ends.
  public static FaultMark ends(long id, String name) {
    return new FaultMark(id, name, false, List.of(), List.of(), List.of(), List.of(), "");
  }

  /// This, with the network in parts.
  public FaultMark withSides(List<List<String>> parts) {
    return new FaultMark(id, name, begins, parts, down, forgets, touches, about);
  }

  /// This, with nodes that cannot answer.
  public FaultMark withDown(List<String> nodes) {
    return new FaultMark(id, name, begins, sides, nodes, forgets, touches, about);
  }

  /// This, with nodes that lose records.
  public FaultMark withForgets(List<String> nodes) {
    return new FaultMark(id, name, begins, sides, down, nodes, touches, about);
  }

  /// This, done to these nodes.
  public FaultMark withTouches(List<String> nodes) {
    return new FaultMark(id, name, begins, sides, down, forgets, nodes, about);
  }

  /// As an event's value.
  public Json json() {
    Json.Members json = Json.object().with("fault", id).with("begins", begins);
    if (!sides.isEmpty()) {
      List<Json> parts = new ArrayList<>();
      sides.forEach(side -> parts.add(Json.strings(side)));
      json = json.with("sides", new Json.Items(parts));
    }
    if (!down.isEmpty()) {
      json = json.with("down", Json.strings(down));
    }
    if (!forgets.isEmpty()) {
      json = json.with("forgets", Json.strings(forgets));
    }
    if (!touches.isEmpty()) {
      json = json.with("touches", Json.strings(touches));
    }
    return about.isEmpty() ? json : json.with("about", about);
  }

  /// The mark that an event is; empty if it is none.
  public static Optional<FaultMark> of(Event event) {
    if (event.kind() != Event.Kind.INFO || !event.value().contains("\"fault\"")) {
      return Optional.empty();
    }
    try {
      Json json = Json.parse(event.value());
      OptionalLong id = json.whole("fault");
      return id.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new FaultMark(
                  id.getAsLong(),
                  event.function(),
                  json.truth("begins"),
                  json.member("sides").items().stream().map(Json::texts).toList(),
                  json.member("down").texts(),
                  json.member("forgets").texts(),
                  json.member("touches").texts(),
                  json.text("about").orElse("")));
    } catch (MalformedHistory _) {
      return Optional.empty();
    }
  }
}
