package io.skein.api;

import io.skein.api.view.RecordView;
import io.skein.api.view.Stamp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Event streams (WHATWG HTML §9.2): first a snapshot of each topic, then what changed.
///
/// All streams share one look at the view per interval: each topic is rendered once, whoever
/// listens. An event's data is the body of the topic's path; a topic with `"delta":true` carries
/// only what is new (the newest seconds of traffic, new records), any other replaces what was
/// known.
///
/// A stream whose reader does not keep up misses changes: nothing is queued for it beyond
/// [#QUEUE_BYTES]. When it has caught up it gets snapshots again; if it has not within
/// [#PATIENCE_MILLIS], it is closed, and the reader comes back by itself. For the same reason
/// `Last-Event-ID` needs no memory here: whoever comes back gets a snapshot.
///
/// Confined to the server's event loop.
final class EventStreams {
  static final int QUEUE_BYTES = 512 * 1024;
  static final long PATIENCE_MILLIS = 30_000;
  private static final int RECORDS_PER_LOOK = 100;

  private final MeshView view;
  private final ApiConfig config;
  private final OpenStreams<Stream> streams;
  private final Map<Topic, String> told = new EnumMap<>(Topic.class);
  private Set<String> toldRecords = Set.of();
  private long lastId;

  EventStreams(Vertx vertx, MeshView view, ApiConfig config) {
    this.streams = new OpenStreams<>(vertx, config, this::look);
    this.view = view;
    this.config = config;
  }

  void into(Paths paths) {
    paths.get("/v1/events", this::open, "topics");
  }

  /// Ends every stream and the looking.
  void close() {
    streams.close(stream -> stream.response.end());
  }

  private void open(RoutingContext context) {
    Set<Topic> topics =
        Parameters.query(context, "topics")
            .map(Topic::parse)
            .orElseGet(() -> Set.of(Topic.values()));
    streams.admit(context);
    if (!OpenStreams.begin(context, QUEUE_BYTES)) {
      return;
    }
    HttpServerResponse response = context.response();
    Stream stream = new Stream(response, topics);
    response.exceptionHandler(_ -> streams.drop(stream));
    response.closeHandler(_ -> streams.drop(stream));
    streams.add(stream);
    stream.snapshot();
    if (streams.watch()) {
      forget();
    }
  }

  private void forget() {
    told.clear();
    toldRecords = hashes(view.tail(RECORDS_PER_LOOK));
  }

  private void look() {
    for (Topic topic : Topic.values()) {
      if (streams.all().stream().anyMatch(stream -> stream.topics.contains(topic))) {
        change(topic)
            .ifPresent(frame -> streams.all().forEach(stream -> stream.tell(topic, frame)));
      }
    }
    streams.all().forEach(Stream::pulse);
  }

  /// The frame that tells what changed in a topic since the last look, if anything did.
  private Optional<String> change(Topic topic) {
    if (topic == Topic.LEDGER) {
      return newRecords();
    }
    Map<String, Object> data = topic.delta(view);
    String plain = Rendering.json(data);
    if (plain.equals(told.put(topic, plain))) {
      return Optional.empty();
    }
    return Optional.of(frame(topic, data, topic == Topic.TRAFFIC));
  }

  private Optional<String> newRecords() {
    List<RecordView> tail = view.tail(RECORDS_PER_LOOK);
    List<RecordView> fresh =
        tail.stream().filter(record -> !toldRecords.contains(record.hash())).toList();
    toldRecords = hashes(tail);
    // Ladder states of records already told change too; the newest dozen is told again for them.
    List<RecordView> recent = MeshPaths.atMost(tail, Math.max(fresh.size(), 12));
    Map<String, Object> data = Topic.ledger(view, recent);
    String plain = Rendering.json(data);
    if (plain.equals(told.put(Topic.LEDGER, plain))) {
      return Optional.empty();
    }
    return Optional.of(frame(Topic.LEDGER, data, true));
  }

  private static Set<String> hashes(List<RecordView> records) {
    Set<String> hashes = HashSet.newHashSet(records.size());
    records.forEach(record -> hashes.add(record.hash()));
    return hashes;
  }

  private String frame(Topic topic, Map<String, Object> data, boolean delta) {
    Stamp stamp = view.stamp();
    data.put("asSeenBy", stamp.asSeenBy());
    data.put("asOf", stamp.asOf());
    if (delta) {
      data.put("delta", true);
    }
    return "id: "
        + ++lastId
        + "\nevent: "
        + topic.text()
        + "\ndata: "
        + Rendering.json(data)
        + "\n\n";
  }

  private final class Stream {
    private final HttpServerResponse response;
    private final Set<Topic> topics;
    private long wroteAt = now();
    private long behindSince = -1;

    Stream(HttpServerResponse response, Set<Topic> topics) {
      this.response = response;
      this.topics = Set.copyOf(topics);
    }

    void snapshot() {
      for (Topic topic : Topic.values()) {
        if (topics.contains(topic)) {
          write(frame(topic, topic.snapshot(view), false));
        }
      }
    }

    void tell(Topic topic, String frame) {
      if (!topics.contains(topic) || behindSince >= 0) {
        return;
      }
      if (response.writeQueueFull()) {
        behindSince = now();
        response.drainHandler(_ -> catchUp());
        return;
      }
      write(frame);
    }

    /// Keeps a silent stream open, and closes one that is not read.
    void pulse() {
      if (behindSince >= 0 && now() - behindSince > PATIENCE_MILLIS) {
        response.reset();
        streams.drop(this);
      } else if (behindSince < 0 && now() - wroteAt >= config.heartbeat().toMillis()) {
        write(": still here\n\n");
      }
    }

    private void catchUp() {
      if (behindSince >= 0) {
        behindSince = -1;
        snapshot();
      }
    }

    private void write(String frame) {
      wroteAt = now();
      var unused = response.write(frame);
    }

    private static long now() {
      return System.nanoTime() / 1_000_000;
    }
  }
}
