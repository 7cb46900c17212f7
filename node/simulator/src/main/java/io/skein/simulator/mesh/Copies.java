package io.skein.simulator.mesh;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The copies of the ledger that honest nodes hold at the end of a storm: every record signed by
/// its author, none gone that stays, the same everywhere.
final class Copies {
  private final Set<SignedRecord> signed = new HashSet<>();
  private final Set<Hash> staying = new HashSet<>();

  /// No node may let this record go.
  void mustKeep(Hash record) {
    staying.add(record);
  }

  /// What a node holds; of what it let go the hashes, which it holds still.
  List<Visible> held(StormNode node, Ledger ledger, List<String> found) {
    List<Visible> held = new ArrayList<>();
    ledger
        .heads()
        .forEach((feed, head) -> {
          Set<Long> seqs = new HashSet<>();
          PublicKey key = ledger.keyOf(feed).orElseThrow();
          for (SignedRecord record : ledger.page(feed, 1, (int) head.seq())) {
            held.add(Visible.of(record));
            if (!signed.contains(record)) {
              if (record.verifies(key)) {
                signed.add(record);
              } else {
                found.add(node + " holds " + record + ", which is not signed by its author");
              }
            }
            seqs.add(record.seq());
          }
          long cut = ledger.cut(feed).map(FeedCut::size).orElse(0L);
          for (long seq = 1; seq <= cut; seq++) {
            if (!seqs.contains(seq)) {
              Visible gone = new Visible(feed, seq, ledger.hash(feed, seq).orElse(Hash.ZERO), "");
              held.add(gone);
              if (staying.contains(gone.hash())) {
                found.add(node + " let " + gone + " go, which stays");
              }
            }
          }
        });
    return held;
  }

  /// Whether heads, scores and catalogues are the same everywhere.
  static void compare(List<StormNode> honest, List<String> found) {
    Map<Hash, List<String>> byHeads = new HashMap<>();
    Map<Hash, List<String>> byScores = new HashMap<>();
    Map<List<Catalogue.Standing>, List<String>> byCatalogue = new HashMap<>();
    for (StormNode node : honest) {
      node.life.ifPresent(life -> {
        byHeads
            .computeIfAbsent(life.ledger().headsRoot(), _ -> new ArrayList<>())
            .add(node.toString());
        byScores
            .computeIfAbsent(life.scores().repRoot(), _ -> new ArrayList<>())
            .add(node.toString());
        byCatalogue
            .computeIfAbsent(life.catalogue().standing(), _ -> new ArrayList<>())
            .add(node.toString());
      });
    }
    if (byHeads.size() != 1) {
      found.add("heads roots differ: " + byHeads.values() + differences(honest));
    }
    if (byScores.size() != 1) {
      found.add("reputation roots differ: " + byScores.values());
    }
    if (byCatalogue.size() != 1) {
      found.add("catalogues differ: " + byCatalogue.values());
    }
  }

  private static String differences(List<StormNode> honest) {
    Map<FeedId, Map<Optional<Head>, List<String>>> heads = new TreeMap<>();
    Set<FeedId> feeds = new TreeSet<>();
    honest.forEach(
        node -> node.life.ifPresent(life -> feeds.addAll(life.ledger().heads().keySet())));
    for (FeedId feed : feeds) {
      for (StormNode node : honest) {
        node.life.ifPresent(life ->
            heads
                .computeIfAbsent(feed, _ -> new HashMap<>())
                .computeIfAbsent(life.ledger().head(feed), _ -> new ArrayList<>())
                .add(node.toString()));
      }
    }
    StringBuilder text = new StringBuilder();
    heads.forEach((feed, by) -> {
      if (by.size() > 1) {
        text.append("\n    ").append(feed).append(": ").append(by);
      }
    });
    return text.toString();
  }
}
