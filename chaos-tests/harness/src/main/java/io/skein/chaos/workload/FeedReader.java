package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Reads the feeds of all authors at one node, from where it has read them to: which record is in
/// which place.
final class FeedReader implements Client {
  private static final long PAUSE_MILLIS = 900;
  private static final int PAGE = 200;

  private final Session session;
  private final SplittableRandom random;
  private final Map<String, Long> read = new TreeMap<>();

  FeedReader(Session session, long seed) {
    this.session = session;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void step() {
    Optional<Json> heads = session.ask("/v1/ledger/heads", "heads");
    List<String> feeds = new ArrayList<>(heads.map(Workloads::sequences).orElse(Map.of()).keySet());
    if (feeds.isEmpty()) {
      return;
    }
    String feed = feeds.get(random.nextInt(feeds.size()));
    long from = read.getOrDefault(feed, 0L) + 1;
    session.invoke(Vocabulary.FEED, Json.of(feed));
    Optional<Json> told =
        session.ask("/v1/ledger/feeds/" + feed + "?from=" + from + "&limit=" + PAGE, "records");
    if (told.isEmpty()) {
      session.fail(Vocabulary.FEED, Json.of(feed));
      return;
    }
    List<String> hashes = new ArrayList<>();
    long next = from;
    for (Json item : told.get().member("records").items()) {
      if (item.whole("seq").orElse(0) == next) {
        hashes.add(item.text("hash").orElse(""));
        next++;
      }
    }
    session.ok(
        Vocabulary.FEED,
        Json.object().with("feed", feed).with("from", from).with("hashes", Json.strings(hashes)));
    // Now and then from the start: what was shown once must not change.
    read.put(feed, random.nextInt(10) == 0 ? 0 : next - 1);
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
