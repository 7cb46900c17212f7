package io.skein.app.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The mesh's verdicts about endpoints and nodes: a fold of the heal records. Of the records about
/// one subject the newest by hybrid clock, then by author, stands. Confined to the mesh thread.
final class Verdicts {
  /// Actions of heal records.
  static final String SET_ASIDE = "set-aside";

  static final String RESTORE = "restore";
  static final String COVER = "cover";
  static final String WELCOME = "welcome";

  /// An operator takes an endpoint out, or back in. Apart from what the healer finds: neither ends
  /// the other.
  static final String DRAIN = "drain";

  static final String RESUME = "resume";

  /// Kinds of subjects.
  static final String ENDPOINT = "endpoint";

  static final String NODE = "node";

  private static final int KEPT = 500;

  /// One heal record.
  ///
  /// @param record the whole record
  /// @param heal its body
  record Repair(SignedRecord record, Body.Heal heal) {
    long hlc() {
      return record.hlc();
    }
  }

  private final Map<String, Repair> newest = new TreeMap<>();
  private final Deque<Repair> history = new ArrayDeque<>();
  private final Map<Hash, Repair> endedBy = new HashMap<>();

  /// Takes in a heal record.
  void apply(SignedRecord record, Body.Heal heal) {
    Repair repair = new Repair(record, heal);
    history.addFirst(repair);
    if (history.size() > KEPT) {
      Repair forgotten = history.removeLast();
      endedBy.remove(forgotten.record().hash());
    }
    if (!heal.cause().equals(Hash.ZERO)) {
      endedBy.put(heal.cause(), repair);
    }
    boolean drains = heal.action().equals(DRAIN) || heal.action().equals(RESUME);
    String key = (drains ? DRAIN : heal.subjectKind()) + " " + heal.subject();
    Repair held = newest.get(key);
    if (held == null || follows(record, held.record())) {
      newest.put(key, repair);
    }
  }

  private static boolean follows(SignedRecord record, SignedRecord held) {
    int order = Long.compareUnsigned(record.hlc(), held.hlc());
    return order != 0 ? order > 0 : record.author().compareTo(held.author()) > 0;
  }

  /// The set-aside verdict that stands about an endpoint.
  Optional<Repair> setAside(String endpoint) {
    return standing(ENDPOINT, endpoint, SET_ASIDE);
  }

  /// The order that stands to take no new requests to an endpoint.
  Optional<Repair> draining(String endpoint) {
    return standing(DRAIN, endpoint, DRAIN);
  }

  /// The verdict that stands about a lost node.
  Optional<Repair> covered(String node) {
    return standing(NODE, node, COVER);
  }

  /// Every endpoint that is set aside, with its verdict.
  Map<String, Repair> allSetAside() {
    Map<String, Repair> all = new TreeMap<>();
    newest.values().stream()
        .filter(r -> r.heal().subjectKind().equals(ENDPOINT) && r.heal().action().equals(SET_ASIDE))
        .forEach(r -> all.put(r.heal().subject(), r));
    return all;
  }

  /// Verdicts that stand and were not ended.
  Collection<Repair> open() {
    return newest.values().stream()
        .filter(r -> r.heal().action().equals(SET_ASIDE) || r.heal().action().equals(COVER))
        .toList();
  }

  private Optional<Repair> standing(String kind, String subject, String action) {
    return Optional.ofNullable(newest.get(kind + " " + subject))
        .filter(repair -> repair.heal().action().equals(action));
  }

  /// The newest repairs, newest first.
  List<Repair> history() {
    List<Repair> sorted = new ArrayList<>(history);
    sorted.sort((a, b) -> Long.compareUnsigned(b.hlc(), a.hlc()));
    return sorted;
  }

  /// The repair that ended this one.
  Optional<Repair> endOf(Repair repair) {
    return Optional.ofNullable(endedBy.get(repair.record().hash()));
  }
}
