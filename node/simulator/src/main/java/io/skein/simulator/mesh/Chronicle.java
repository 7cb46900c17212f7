package io.skein.simulator.mesh;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import io.skein.gossip.sim.SimNetwork;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Takes a storm down as a history of the chaos harness, with the words that one uses for real
/// nodes: clients that append and that set keys, and one reader for each honest node that reads all
/// it can be given twice a second. So that the same checks judge both.
///
/// Readers change nothing of the run: they look, and draw nothing.
final class Chronicle {
  /// How often readers read.
  static final Duration EVERY = Duration.ofMillis(500);

  private static final int FIRST_WRITER = 1_000;

  /// Of more readers so many ask for roots at a time, in turn: to score all nodes at all nodes
  /// takes a time that grows with the third power of their number.
  private static final int ASK_FOR_ROOTS = 16;

  private final SimNetwork network;
  private final List<String> names;
  private final Map<NodeId, String> byId = new HashMap<>();
  private final List<Event> events = new ArrayList<>();

  /// What was asked and answered so far, each text once: a hundred readers are told much the same.
  private final Map<String, String> said = new HashMap<>();

  private final Map<String, Open> open = new HashMap<>();
  private final Map<Setting, Open> openSettings = new HashMap<>();
  private final Map<Integer, Reader> readers = new TreeMap<>();
  private long faults;
  private int writers = FIRST_WRITER;
  private boolean closed;
  private long looks;

  /// A write that is not acknowledged yet.
  private record Open(int process, String node) {}

  /// What a reader was given of one life of its node.
  private static final class Reader {
    Optional<NodeLife> life = Optional.empty();
    final Map<FeedId, Long> seen = new TreeMap<>();
    long given;
    String roots = "";
    String accused = "";
    final Map<String, Optional<Setting>> keys = new TreeMap<>();
  }

  /// @param nodes the nodes' identities, in the order of their numbers
  Chronicle(SimNetwork network, List<NodeId> nodes) {
    this.network = network;
    this.names = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      names.add(name(i));
      byId.put(nodes.get(i), name(i));
    }
  }

  private static String name(int node) {
    return "node-" + node;
  }

  private static List<String> names(List<Integer> nodes) {
    return nodes.stream().map(Chronicle::name).toList();
  }

  private void event(int process, String node, Event.Kind kind, String function, Json value) {
    if (!closed) {
      String text = said.computeIfAbsent(value.toString(), it -> it);
      events.add(new Event(network.nowNanos(), process, node, kind, function, text));
    }
  }

  private void asked(int node, String function, Json with, Json answer) {
    event(node, names.get(node), Event.Kind.INVOKE, function, with);
    event(node, names.get(node), Event.Kind.OK, function, answer);
  }

  /// A node cheats.
  void cheats(int node) {
    event(-1, name(node), Event.Kind.INFO, Vocabulary.BYZANTINE, Json.NOTHING);
  }

  /// A client begins to write.
  ///
  /// @param clone whether to the machine that is a copy of the node: nobody reads there
  void appends(int node, boolean clone, String element) {
    String where = clone ? name(node) + "-clone" : name(node);
    open.put(element, new Open(writers, where));
    event(writers++, where, Event.Kind.INVOKE, Vocabulary.APPEND, Json.of(element));
  }

  /// The node did not take it.
  void refused(String element) {
    Open write = open.remove(element);
    if (write != null) {
      event(write.process, write.node, Event.Kind.FAIL, Vocabulary.APPEND, Json.of(element));
    }
  }

  /// The node has shown to its client that the write is durable.
  void acknowledged(Visible record) {
    Open write = open.remove(record.write());
    if (write != null) {
      event(
          write.process,
          write.node,
          Event.Kind.OK,
          Vocabulary.APPEND,
          Json.object()
              .with("element", record.write())
              .with("feed", feed(record.feed()))
              .with("seq", record.seq()));
    }
  }

  /// A client begins to set a key.
  void sets(int node, Setting setting) {
    openSettings.put(setting, new Open(writers, name(node)));
    event(writers++, name(node), Event.Kind.INVOKE, Vocabulary.PUT, setting.json());
  }

  /// The node did not take it.
  void refused(Setting setting) {
    ends(setting, Event.Kind.FAIL);
  }

  /// The node has shown to its client that the setting is durable.
  void acknowledged(Setting setting) {
    ends(setting, Event.Kind.OK);
  }

  private void ends(Setting setting, Event.Kind kind) {
    Open put = openSettings.remove(setting);
    if (put != null) {
      event(put.process, put.node, kind, Vocabulary.PUT, setting.json());
    }
  }

  /// A fault begins.
  ///
  /// @param down nodes that cannot do what they are asked
  /// @param forgets nodes that lose what they had shown
  /// @return its number, to end it by
  FaultMark begins(Nemesis nemesis, List<Integer> down, List<Integer> forgets) {
    String name = nemesis.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    FaultMark mark =
        FaultMark.begins(faults++, name, nemesis.toString())
            .withDown(names(down))
            .withForgets(names(forgets));
    if (nemesis instanceof Nemesis.Split split) {
      List<String> rest = new ArrayList<>(names);
      rest.removeAll(names(split.side()));
      mark = mark.withSides(List.of(names(split.side()), rest));
    }
    event(-1, "", Event.Kind.INFO, mark.name(), mark.json());
    return mark;
  }

  /// A fault ends.
  void ends(FaultMark mark) {
    FaultMark end = FaultMark.ends(mark.id(), mark.name());
    event(-1, "", Event.Kind.INFO, end.name(), end.json());
  }

  /// Nothing is written from now on.
  void quiet() {
    event(-1, "", Event.Kind.INFO, Vocabulary.QUIET, Json.NOTHING);
  }

  /// Readers read from now on, as long as this is open.
  ///
  /// @param nodes looks the honest nodes up
  void readEvery(Supplier<List<StormNode>> nodes) {
    network.schedule(
        EVERY.toNanos(),
        () -> {
          if (!closed) {
            List<StormNode> all = nodes.get();
            for (int i = 0; i < all.size(); i++) {
              boolean turn = Math.floorMod(i - looks * ASK_FOR_ROOTS, all.size()) < ASK_FOR_ROOTS;
              read(all.get(i), false, turn);
            }
            looks++;
            readEvery(nodes);
          }
        });
  }

  /// Each reader reads everything from the start once more; then this is closed.
  void close(List<StormNode> nodes) {
    readers
        .values()
        .forEach(reader -> {
          reader.roots = "";
          reader.accused = "";
          reader.keys.clear();
        });
    nodes.forEach(node -> read(node, true, true));
    closed = true;
  }

  /// A node is about to lose power: somebody has just read what it had.
  void crashing(StormNode node) {
    if (node.liar.isEmpty() && !closed) {
      read(node, false, true);
    }
  }

  /// A node runs again: its reader is there at once.
  void restarted(StormNode node) {
    if (node.liar.isEmpty() && !closed) {
      read(node, true, true);
    }
  }

  private void read(StormNode node, boolean fromStart, boolean rootsToo) {
    if (node.life.isEmpty()) {
      return;
    }
    NodeLife life = node.life.get();
    Ledger ledger = life.ledger();
    if (!node.disk.reads() || !ledger.unreadable().isEmpty()) {
      return; // it says so to whoever asks
    }
    Map<FeedId, Head> heads = ledger.verifiedHeads();
    Reader reader = readers.computeIfAbsent(node.number, _ -> new Reader());
    boolean otherLife = reader.life.filter(life::equals).isEmpty();
    boolean back =
        reader.seen.entrySet().stream()
            .anyMatch(entry ->
                Optional.ofNullable(heads.get(entry.getKey())).map(Head::seq).orElse(0L)
                    < entry.getValue());
    if (fromStart || otherLife || back) {
      reader.life = Optional.of(life);
      reader.seen.forEach((feed, seq) -> {
        long head = Optional.ofNullable(heads.get(feed)).map(Head::seq).orElse(0L);
        if (head < seq) {
          feed(node.number, ledger, feed, head + 1, head, new ArrayList<>());
        }
      });
      reader.seen.clear();
      reader.given = 0;
    }
    List<String> elements = new ArrayList<>();
    heads.forEach((feed, head) -> {
      long from = reader.seen.getOrDefault(feed, 0L) + 1;
      if (head.seq() >= from) {
        feed(node.number, ledger, feed, from, head.seq(), elements);
        reader.seen.put(feed, head.seq());
      }
    });
    if (reader.given == 0 || !elements.isEmpty()) {
      Json.Members since = Json.object().with("since", reader.given);
      asked(node.number, Vocabulary.READ, since, since.with("elements", Json.strings(elements)));
      reader.given += elements.size();
    }
    if (rootsToo) {
      roots(node, life, reader);
    }
    accused(node, ledger, reader);
    keys(node, life, reader);
  }

  private void feed(
      int node, Ledger ledger, FeedId feed, long from, long to, List<String> elements) {
    boolean author = byId.containsKey(feed.author());
    for (SignedRecord record : ledger.page(feed, from, (int) (to - from + 1))) {
      Visible visible = Visible.of(record);
      if (!visible.write().isEmpty() && record.seq() <= to) {
        elements.add(visible.write());
      }
    }
    if (author) {
      List<String> hashes = new ArrayList<>();
      for (long seq = from; seq <= to; seq++) {
        hashes.add(brief(ledger.hash(feed, seq).orElse(Hash.ZERO)));
      }
      asked(
          node,
          Vocabulary.FEED,
          Json.of(feed(feed)),
          Json.object()
              .with("feed", feed(feed))
              .with("from", from)
              .with("hashes", Json.strings(hashes))
              .with("head", to));
    }
  }

  /// Only of a node that has nothing in hand: reputation hears of a record when it counts. And not
  /// of one that derived without what its disk does not give back: it says so.
  private void roots(StormNode node, NodeLife life, Reader reader) {
    String heads = life.ledger().headsRoot().toString();
    if (life.quiet() && life.ledger().shown() && !heads.equals(reader.roots)) {
      reader.roots = heads;
      asked(
          node.number,
          Vocabulary.ROOTS,
          Json.NOTHING,
          Json.object()
              .with("heads", heads)
              .with("reputation", life.scores().repRoot().toString()));
    }
  }

  private void accused(StormNode node, Ledger ledger, Reader reader) {
    TreeSet<String> accused = new TreeSet<>();
    ledger.frozen().keySet().forEach(feed -> accused.add(author(feed)));
    if (!accused.toString().equals(reader.accused)) {
      reader.accused = accused.toString();
      asked(
          node.number,
          Vocabulary.ACCUSED,
          Json.NOTHING,
          Json.object().with("nodes", Json.strings(accused)));
    }
  }

  /// Only of a node that has derived from all it shows; a key that stands where it stood is not
  /// asked for again.
  private void keys(StormNode node, NodeLife life, Reader reader) {
    if (!life.ledger().shown()) {
      return;
    }
    Map<String, Catalogue.Entry> catalogue = life.catalogue().view();
    for (String key : Setting.KEYS) {
      Optional<Setting> now = Setting.standing(catalogue, key);
      if (!now.equals(reader.keys.put(key, now))) {
        asked(
            node.number,
            Vocabulary.LOOKUP,
            Json.of(key),
            now.map(Setting::json)
                .orElseGet(() -> Json.object().with("key", key).with("value", Json.NOTHING)));
      }
    }
  }

  private String author(FeedId feed) {
    return byId.getOrDefault(feed.author(), feed.author().toString());
  }

  private String feed(FeedId feed) {
    return author(feed) + "/" + Long.toHexString(feed.epoch());
  }

  private static String brief(Hash hash) {
    return hash.toString().substring(0, 16);
  }

  /// The history so far.
  ///
  /// @param replay the command that makes it again
  History history(Storm storm, String replay) {
    Header header =
        new Header(storm.seed(), true, names, Json.of(storm.toString()).toString(), replay);
    try {
      return History.of(header, events);
    } catch (MalformedHistory e) {
      throw new IllegalStateException(e);
    }
  }
}
