package io.skein.chaos.check;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a node shows of an author's feed is a beginning of it: if a record shows, so do all of that
/// author's acknowledged ones before it; and one place of a feed holds one record in the whole
/// mesh.
///
/// This is prefix consistency per author, which signed append-only feeds promise (Secure
/// Scuttlebutt's causal order within a feed) without a total order. Feeds of those who were made to
/// cheat are not asked for it, nor are nodes that were made to forget before they had
/// [Bounds#convergence] to mend: what was damaged is missing in the midst of what was not.
final class PrefixOrder implements Check {
  private final long mendNanos;

  PrefixOrder(Bounds bounds) {
    this.mendNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "prefix order";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Feeds feeds = new Feeds(trial.elements());
    trial
        .views()
        .values()
        .forEach(readers -> readers.forEach(view -> gaps(trial, view, feeds, found)));
    long places = places(trial, found);
    found.figure("feeds", feeds.byNumber.size());
    found.figure("places", places);
    boolean looked = places > 0 || (!feeds.byNumber.isEmpty() && !trial.views().isEmpty());
    return found.verdict(
        name(), looked, feeds.byNumber.size() + " feeds of appends, " + places + " places read");
  }

  /// Where in which feed each element is.
  private static final class Feeds {
    final List<List<Elements.Element>> byNumber = new ArrayList<>();
    final int[] feedOf;
    final int[] placeOf;
    final Elements elements;

    Feeds(Elements elements) {
      this.elements = elements;
      this.feedOf = new int[elements.size()];
      this.placeOf = new int[elements.size()];
      Arrays.fill(feedOf, -1);
      elements
          .byFeed()
          .forEach((_, list) -> {
            for (int place = 0; place < list.size(); place++) {
              int number = elements.find(list.get(place).name).orElseThrow();
              feedOf[number] = byNumber.size();
              placeOf[number] = place;
            }
            byNumber.add(list);
          });
    }
  }

  private void gaps(Trial trial, View view, Feeds feeds, Findings found) {
    int count = feeds.byNumber.size();
    // Of each feed which elements show, how many from the start on without a gap, and the last.
    boolean[][] shown = new boolean[count][];
    int[] prefix = new int[count];
    int[] last = new int[count];
    boolean[] told = new boolean[count];
    Arrays.fill(last, -1);
    for (int feed = 0; feed < count; feed++) {
      shown[feed] = new boolean[feeds.byNumber.get(feed).size()];
    }
    view.walk(
        feeds.elements.size(),
        new View.Walk() {
          private final Set<Integer> touched = new TreeSet<>();

          @Override
          public void shown(int element, int read) {
            int feed = feeds.feedOf[element];
            if (feed >= 0) {
              shown[feed][feeds.placeOf[element]] = true;
              last[feed] = Math.max(last[feed], feeds.placeOf[element]);
              touched.add(feed);
            }
          }

          @Override
          public void gone(int element, int read) {
            int feed = feeds.feedOf[element];
            if (feed >= 0) {
              shown[feed][feeds.placeOf[element]] = false;
              prefix[feed] = 0;
              last[feed] = -1;
              for (int place = 0; place < shown[feed].length; place++) {
                last[feed] = shown[feed][place] ? place : last[feed];
              }
              touched.add(feed);
            }
          }

          @Override
          public void read(int read) {
            touched.removeIf(feed -> judged(feed, read));
          }

          /// Whether there is nothing to come back to at the next read.
          private boolean judged(int feed, int read) {
            while (prefix[feed] < shown[feed].length && shown[feed][prefix[feed]]) {
              prefix[feed]++;
            }
            if (prefix[feed] > last[feed] || told[feed]) {
              return true;
            }
            if (mending(read)) {
              return false;
            }
            told[feed] = true;
            Elements.Element missing = feeds.byNumber.get(feed).get(prefix[feed]);
            Elements.Element later = feeds.byNumber.get(feed).get(last[feed]);
            found.add(
                Violation.GAP,
                view.node() + " shows " + later + " and not " + missing,
                missing.known,
                later.known,
                view.reads().get(read).operation().completion());
            return true;
          }

          private boolean mending(int read) {
            Operation operation = view.reads().get(read).operation();
            return trial
                .timeline()
                .forgot(view.node(), operation.began().nanos() - mendNanos, operation.endNanos());
          }
        });
  }

  /// What was seen first in a place, and where.
  private record Seen(String hash, String node, int event) {}

  private static long places(Trial trial, Findings found) {
    Map<String, Map<Long, Seen>> feeds = new HashMap<>();
    long places = 0;
    for (Trial.Answer answer : trial.answers(Vocabulary.FEED)) {
      String feed = answer.value().text("feed").orElseThrow();
      if (!trial.honestAuthor(feed)) {
        continue;
      }
      Map<Long, Seen> seen = feeds.computeIfAbsent(feed, _ -> new HashMap<>());
      long seq = answer.value().whole("from").orElseThrow();
      int event = answer.operation().completion();
      for (Json item : answer.value().member("hashes").items()) {
        String hash = item.text().orElse("");
        Seen first = seen.putIfAbsent(seq, new Seen(hash, answer.node(), event));
        if (first == null) {
          places++;
        } else if (!first.hash().equals(hash)) {
          found.add(
              Violation.FORK,
              feed
                  + "#"
                  + seq
                  + " is "
                  + first.hash()
                  + " at "
                  + first.node()
                  + " and "
                  + hash
                  + " at "
                  + answer.node(),
              first.event(),
              event);
        }
        seq++;
      }
    }
    return places;
  }
}
