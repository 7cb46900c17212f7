package io.skein.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The records up to a head of each feed: a set that stays the same while nodes go on writing, so
/// that nodes can be compared.
final class HeadCut {
  private static final int PAGE = 1_000;
  private static final String HEADS = "/v1/ledger/heads";

  /// Highest sequence number by `author/epoch`.
  private final Map<String, Long> heads = new TreeMap<>();

  /// Makes the cut include everything that this node holds now.
  void raise(ApiProbe probe) throws InterruptedException {
    headsOf(probe).forEach((feed, seq) -> heads.merge(feed, seq, Math::max));
  }

  /// Whether the node holds every record of the cut, by its own word.
  boolean coveredBy(ApiProbe probe) throws InterruptedException {
    Map<String, Long> held = headsOf(probe);
    return heads.entrySet().stream()
        .allMatch(head -> held.getOrDefault(head.getKey(), 0L) >= head.getValue());
  }

  /// Number of records in the cut.
  long size() {
    return heads.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Hashes of the node's records in the cut, page by page; what it does not give is not in them.
  List<String> records(ApiProbe probe) throws InterruptedException {
    List<String> hashes = new ArrayList<>();
    for (Map.Entry<String, Long> head : heads.entrySet()) {
      long last = head.getValue();
      long from = 1;
      while (from <= last) {
        JsonNode records =
            probe
                .page("/v1/ledger/feeds/" + head.getKey() + "?from=" + from + "&limit=" + PAGE)
                .get("records");
        if (records.isEmpty()) {
          break;
        }
        for (JsonNode record : records) {
          if (record.get("seq").asLong() <= last) {
            hashes.add(record.get("hash").asText());
          }
          from = record.get("seq").asLong() + 1;
        }
      }
    }
    return hashes;
  }

  private static Map<String, Long> headsOf(ApiProbe probe) throws InterruptedException {
    Map<String, Long> heads = new TreeMap<>();
    for (JsonNode head : probe.page(HEADS).get("heads")) {
      heads.put(
          head.get("author").asText() + "/" + head.get("epoch").asText(), head.get("seq").asLong());
    }
    return heads;
  }
}
