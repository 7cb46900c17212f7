package io.skein.reputation.evidence;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.Collections;
import java.util.LinkedList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/// All testimonies that may still count: for each author a ring of [Decay#WINDOWS] cells.
///
/// The content is a function of the set of records applied, whatever their order and however often
/// each came: a cell belongs to the newest window that maps to it and, within the window, to the
/// author's first word (see the total order in `Testimony`); the newest window per author is a
/// maximum. A record costs its own outcomes and touches one cell.
///
/// A record about a window ahead of ledger time is held in its cell and counts when ledger time has
/// come within [#AHEAD_WINDOWS] of it. An author far ahead of the mesh pushes only its own older
/// windows out of its own ring.
///
/// One thread.
public final class Evidence {
  /// How far a window may be ahead of ledger time and count: clocks differ and records travel.
  public static final int AHEAD_WINDOWS = 2;

  /// Windows are below this; a record that names another is left out.
  public static final long WINDOW_LIMIT = 1L << 53;

  private final AcknowledgementCheck check;
  private final SubjectTable table = new SubjectTable();
  private final NavigableMap<NodeId, Ring> rings = new TreeMap<>();

  private static final class Ring {
    final Testimony[] cells = new Testimony[Decay.WINDOWS];
    long newestWindow = -1;
  }

  /// @param check decides which bad counts about peers are proven
  public Evidence(AcknowledgementCheck check) {
    this.check = check;
  }

  /// Takes in a performance record.
  ///
  /// @return whether anything changed; false for a record seen before, superseded or out of range
  public boolean apply(FeedId feed, long seq, Hash record, Body.Performance body) {
    long window = body.window();
    if (window < 0 || window >= WINDOW_LIMIT) {
      return false;
    }
    NodeId author = feed.author();
    Ring ring = rings.computeIfAbsent(author, _ -> new Ring());
    ring.newestWindow = Math.max(ring.newestWindow, window);
    int slot = (int) (window % Decay.WINDOWS);
    Testimony testimony = new Testimony(window, feed.epoch(), seq, record);
    Testimony holder = ring.cells[slot];
    if (holder != null) {
      if (!testimony.precedes(holder)) {
        return false;
      }
      holder.release(table);
    }
    testimony.fill(author, body, table, check);
    ring.cells[slot] = testimony;
    return true;
  }

  /// Everyone who wrote a performance record, in order.
  public NavigableSet<NodeId> authors() {
    return Collections.unmodifiableNavigableSet(rings.navigableKeySet());
  }

  /// The newest window `author` wrote about; −1 if none.
  public long newestWindow(NodeId author) {
    Ring ring = rings.get(author);
    return ring == null ? -1 : ring.newestWindow;
  }

  /// Sums `author`'s testimonies as seen at ledger time `ledgerWindow` into `sums`.
  public void sum(NodeId author, long ledgerWindow, Sums sums) {
    sums.clear(table.limit());
    Ring ring = rings.get(author);
    if (ring == null) {
      return;
    }
    // Newest first: what is older fades by the distance to it.
    for (long window = ledgerWindow + AHEAD_WINDOWS;
        window > ledgerWindow - Decay.WINDOWS && window >= 0;
        window--) {
      Testimony testimony = ring.cells[(int) (window % Decay.WINDOWS)];
      if (testimony != null && testimony.window == window) {
        testimony.resolve(author, check);
        testimony.addTo(sums, age(window, ledgerWindow));
      }
    }
  }

  /// What `author`'s records say of `subject` at ledger time `ledgerWindow`, oldest window first.
  public List<Counted> counted(NodeId author, Subject subject, long ledgerWindow) {
    LinkedList<Counted> counted = new LinkedList<>();
    Ring ring = rings.get(author);
    int number = table.find(subject);
    if (ring == null || number < 0) {
      return counted;
    }
    int newest = -1;
    for (long window = ledgerWindow + AHEAD_WINDOWS;
        window > ledgerWindow - Decay.WINDOWS && window >= 0;
        window--) {
      Testimony testimony = ring.cells[(int) (window % Decay.WINDOWS)];
      if (testimony == null || testimony.window != window) {
        continue;
      }
      testimony.resolve(author, check);
      int at = testimony.find(number);
      if (at >= 0) {
        int age = age(window, ledgerWindow);
        newest = newest < 0 && testimony.counts(at) ? age : newest;
        counted.addFirst(
            new Counted(
                window,
                newest < 0 ? 0 : age - newest,
                testimony.good(at),
                testimony.bad(at),
                testimony.record));
      }
    }
    return counted;
  }

  /// Shows what `author` said of endpoints in `window`; nothing if its ring does not hold that
  /// window.
  public void show(NodeId author, long window, EndpointWords words) {
    Ring ring = rings.get(author);
    if (ring == null || window < 0) {
      return;
    }
    Testimony testimony = ring.cells[(int) (window % Decay.WINDOWS)];
    if (testimony != null && testimony.window == window) {
      testimony.show(table, words);
    }
  }

  /// The subject that [Sums] calls `number`.
  public Subject subject(int number) {
    return table.subject(number);
  }

  /// Upper bound (exclusive) of the subjects' numbers.
  public int subjectLimit() {
    return table.limit();
  }

  /// How many subjects the rings name.
  public int subjects() {
    return table.size();
  }

  private static int age(long window, long ledgerWindow) {
    return (int) Math.max(0, ledgerWindow - window);
  }
}
