package io.skein.app.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
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
  /// the other. Of a node: its healer's decision.
  static final String DRAIN = "drain";

  static final String RESUME = "resume";

  static final String SHIFT = "shift";
  static final String UNSHIFT = "unshift";
  static final String RE_HOME = "re-home";
  static final String GIVE_BACK = "give-back";
  static final String AVOID = "avoid";
  static final String READMIT = "readmit";
  static final String ROLL_BACK = "roll-back";
  static final String REBUILD = "rebuild";
  static final String REBUILT = "rebuilt";
  static final String FALL_BACK = "fall-back";
  static final String RETURN = "return";
  static final String SHED = "shed";
  static final String RELIEVED = "relieved";
  static final String REJOIN = "rejoin";
  static final String REJOINED = "rejoined";

  /// Kinds of subjects.
  static final String ENDPOINT = "endpoint";

  static final String NODE = "node";
  static final String SERVICE = "service";

  private static final Set<String> BEGIN =
      Set.of(SET_ASIDE, COVER, SHIFT, RE_HOME, AVOID, REBUILD, FALL_BACK, SHED, REJOIN);

  private static final int KEPT = 500;
  private static final int EFFECTS = 1_000;

  /// What came of a repair.
  ///
  /// @param record the whole record
  /// @param effect its body
  record Told(SignedRecord record, Body.Effect effect) {
    private String key() {
      return HexFormat.of().toHexDigits(record.hlc()) + " " + record.hash();
    }
  }

  /// One heal record.
  ///
  /// @param record the whole record
  /// @param heal its body
  record Repair(SignedRecord record, Body.Heal heal) {
    long hlc() {
      return record.hlc();
    }
  }

  private final NavigableMap<String, Repair> newest = new TreeMap<>();
  private final Deque<Repair> history = new ArrayDeque<>();
  private final Map<Hash, Repair> endedBy = new HashMap<>();
  private final Map<Hash, Told> effects = new HashMap<>();
  private final NavigableMap<String, Told> effectsByTime = new TreeMap<>();

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
    String key = matter(heal) + " " + heal.subject();
    Repair held = newest.get(key);
    if (held == null || follows(record, held.record())) {
      newest.put(key, repair);
    }
  }

  // What records of one subject compete for: each is ended by its like only.
  private static String matter(Body.Heal heal) {
    return switch (heal.action()) {
      case DRAIN, RESUME -> DRAIN;
      case SHIFT, UNSHIFT -> SHIFT;
      case RE_HOME, GIVE_BACK -> RE_HOME;
      case AVOID, READMIT -> AVOID;
      case REBUILD, REBUILT -> REBUILD;
      case FALL_BACK, RETURN -> FALL_BACK;
      case SHED, RELIEVED -> SHED;
      case REJOIN, REJOINED -> REJOIN;
      default -> heal.subjectKind();
    };
  }

  /// Takes in what came of a repair. Of several about one the oldest counts, by clock and hash; of
  /// all the newest thousand.
  void apply(SignedRecord record, Body.Effect effect) {
    Told told = new Told(record, effect);
    Told held = effects.get(effect.repair());
    if (held != null) {
      if (held.key().compareTo(told.key()) <= 0) {
        return;
      }
      effectsByTime.remove(held.key());
    }
    effects.put(effect.repair(), told);
    effectsByTime.put(told.key(), told);
    while (effectsByTime.size() > EFFECTS) {
      Told forgotten = effectsByTime.remove(effectsByTime.firstKey());
      if (forgotten != null) {
        effects.remove(forgotten.effect().repair());
      }
    }
  }

  /// Whether a record begins a repair, which another ends.
  static boolean begins(Body.Heal heal) {
    return BEGIN.contains(heal.action()) || drainsNode(heal);
  }

  private static boolean drainsNode(Body.Heal heal) {
    return heal.action().equals(DRAIN) && heal.subjectKind().equals(NODE);
  }

  /// A repair of the newest five hundred.
  Optional<Repair> repair(Hash hash) {
    return history.stream().filter(it -> it.record().hash().equals(hash)).findFirst();
  }

  /// What came of a repair, once somebody said so.
  Optional<Told> effectOf(Hash repair) {
    return Optional.ofNullable(effects.get(repair));
  }

  /// What came of repairs, oldest first.
  Collection<Told> effects() {
    return Collections.unmodifiableCollection(effectsByTime.values());
  }

  /// Every endpoint that gets a part of its weight only, with its verdict.
  Map<String, Repair> allShifted() {
    Map<String, Repair> all = new TreeMap<>();
    for (Repair repair : newest.values()) {
      if (repair.heal().action().equals(SHIFT) && stands(repair)) {
        all.put(repair.heal().subject(), repair);
      }
    }
    return all;
  }

  /// The verdict by which an endpoint gets a part of its weight only.
  Optional<Repair> shifted(String endpoint) {
    return standing(SHIFT, endpoint, SHIFT).filter(this::stands);
  }

  /// Every endpoint that another node than its owner reaches for all, with its verdict: that node
  /// is the author. A later registration of the endpoint ends it too ([Derived#homes]).
  Map<String, Repair> allReHomed() {
    Map<String, Repair> all = new TreeMap<>();
    for (Repair repair : newest.subMap(RE_HOME + " ", RE_HOME + "!").values()) {
      if (repair.heal().action().equals(RE_HOME)) {
        all.put(repair.heal().subject(), repair);
      }
    }
    return all;
  }

  // What was set aside or restored since then has its whole weight again.
  private boolean stands(Repair shift) {
    Repair other = newest.get(ENDPOINT + " " + shift.heal().subject());
    return other == null || follows(shift.record(), other.record());
  }

  /// Every node to which nothing is to be forwarded, with its verdict.
  Map<String, Repair> allAvoided() {
    Map<String, Repair> all = new TreeMap<>();
    newest.values().stream()
        .filter(repair -> repair.heal().action().equals(AVOID))
        .forEach(repair -> all.put(repair.heal().subject(), repair));
    return all;
  }

  /// Whether a node's forecasts come from a plainer model, by its own word.
  boolean fellBack(String node) {
    return standing(FALL_BACK, node, FALL_BACK)
        .filter(it -> it.record().author().toString().equals(node))
        .isPresent();
  }

  /// Whether nothing is to be forwarded to a node.
  boolean avoided(String node) {
    return standing(AVOID, node, AVOID).isPresent();
  }

  /// Every node that is to send its own clients elsewhere, with its verdict.
  Map<String, Repair> allDrained() {
    Map<String, Repair> all = new TreeMap<>();
    newest.values().stream()
        .filter(repair -> drainsNode(repair.heal()))
        .forEach(repair -> all.put(repair.heal().subject(), repair));
    return all;
  }

  /// The verdict by which a node is to send its own clients elsewhere.
  Optional<Repair> drained(String node) {
    return standing(DRAIN, node, DRAIN).filter(repair -> drainsNode(repair.heal()));
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

  /// The newest word about a service's changes: the one that took a change back, or took it in
  /// again.
  Optional<Repair> ofChange(String service) {
    return Optional.ofNullable(newest.get(SERVICE + " " + service));
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
    return newest.values().stream().filter(r -> begins(r.heal())).toList();
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
