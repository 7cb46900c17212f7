package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.view.RecordView;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a stream can be about. Each topic's data has the shape of the path of the same name.
enum Topic {
  NODE,
  OVERVIEW,
  MEMBERS,
  LINKS,
  SERVICES,
  TRAFFIC,
  LEDGER,
  REPUTATION,
  HEALING,
  SHADOWS,
  FORECAST,
  EVENTS;

  private static final int LEDGER_SNAPSHOT = 60;
  private static final int LIST_SNAPSHOT = 50;
  private static final int TRAFFIC_SNAPSHOT_SECONDS = 180;

  /// Seconds of traffic told again each time, so that the last, unfinished ones are corrected.
  private static final int TRAFFIC_DELTA_SECONDS = 4;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Topic> find(String text) {
    return Arrays.stream(values()).filter(topic -> topic.text().equals(text)).findFirst();
  }

  /// The topics of a comma-separated list.
  static Set<Topic> parse(String list) {
    Set<Topic> topics = EnumSet.noneOf(Topic.class);
    for (String name : list.split(",", -1)) {
      topics.add(
          find(name)
              .orElseThrow(() ->
                  Parameters.invalid(
                      "topics",
                      name,
                      Arrays.stream(values()).map(Topic::text).collect(Collectors.joining(", ")))));
    }
    return topics;
  }

  /// All there is to tell.
  Map<String, Object> snapshot(MeshView view) {
    return switch (this) {
      case NODE -> flat(view.node());
      case OVERVIEW -> MeshPaths.overview(view);
      case MEMBERS -> named("members", view.members());
      case LINKS -> named("links", view.links());
      case SERVICES -> named("services", view.services());
      case TRAFFIC -> flat(view.traffic(Optional.empty(), TRAFFIC_SNAPSHOT_SECONDS));
      case LEDGER -> ledger(view, view.tail(LEDGER_SNAPSHOT));
      case REPUTATION -> flat(view.reputation());
      case HEALING -> MeshPaths.healing(view, LIST_SNAPSHOT);
      case SHADOWS -> named("assignments", view.shadows());
      case FORECAST -> named("subjects", view.forecast());
      case EVENTS -> named("events", view.events(LIST_SNAPSHOT));
    };
  }

  /// What to tell those who have the snapshot: the newest seconds of traffic, or all again.
  Map<String, Object> delta(MeshView view) {
    return this == TRAFFIC
        ? flat(view.traffic(Optional.empty(), TRAFFIC_DELTA_SECONDS))
        : snapshot(view);
  }

  /// The ledger's heads with some records.
  static Map<String, Object> ledger(MeshView view, List<RecordView> records) {
    Map<String, Object> members = flat(view.heads());
    members.put("records", records);
    return members;
  }
}
