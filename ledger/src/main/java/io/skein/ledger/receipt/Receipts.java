package io.skein.ledger.receipt;

import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The receipts of a node, by windows: leaves come in, a window that ended gives the body of its
/// record, and until a receipt is forgotten it can be found and proved. Confined to one thread.
///
/// Leaves are kept for a time and within a budget of bytes. Beyond either the oldest windows are
/// forgotten, the open ones too if nothing else is left; a forgotten window's root is the same.
/// They lie outside the Java heap: [#close] gives their memory back. Where there is none left, a
/// window that asks for more is forgotten.
public final class Receipts implements AutoCloseable {
  private final long keepMillis;
  private final long budgetBytes;
  private final OffHeap.Room room;
  private final Hashing hashing = new Hashing();
  private final TreeMap<Long, Window> windows = new TreeMap<>();
  private long windowMillis;
  private long open = -1;
  private Window last;
  private long sealedBytes;
  private long sealedKept;
  private long outOfTime;
  private long outOfBudget;
  private Counts counts = new Counts(0, 0, 0, 0);

  /// Figures.
  ///
  /// @param kept receipts that can be found
  /// @param bytes what they take
  /// @param outOfTime receipts forgotten because of their age
  /// @param outOfBudget receipts forgotten for want of room
  public record Counts(long kept, long bytes, long outOfTime, long outOfBudget) {}

  /// A receipt that is there.
  public sealed interface Found {
    /// Its encoding.
    byte[] leaf();

    /// Its window.
    long window();

    /// Its window has not ended.
    ///
    /// @param index its place in the tree, from 0
    record Open(byte[] leaf, long window, long index) implements Found {}

    /// Its window has ended.
    ///
    /// @param proof its place in the tree
    /// @param root the root in its window's record
    /// @param record that record's hash; empty until it is durable
    record Closed(byte[] leaf, long window, InclusionProof proof, Hash root, Optional<Hash> record)
        implements Found {}
  }

  /// @param keepMillis how long a window is kept after its end, 0 or more
  /// @param budgetBytes what all windows may take, 0 or more
  public Receipts(long keepMillis, long budgetBytes) {
    this(keepMillis, budgetBytes, OffHeap.Room.DIRECT);
  }

  /// @param room where leaves lie
  Receipts(long keepMillis, long budgetBytes, OffHeap.Room room) {
    if (keepMillis < 0 || budgetBytes < 0) {
      throw new IllegalArgumentException(
          "keep: " + keepMillis + ", budget: " + budgetBytes + " (expected: 0 or more)");
    }
    this.keepMillis = keepMillis;
    this.budgetBytes = budgetBytes;
    this.room = room;
    this.last = none();
  }

  private Window none() {
    return new Window(-1, hashing, room);
  }

  /// Whether it is known what a window is: only then receipts can be added.
  public boolean begun() {
    return windowMillis > 0;
  }

  /// Ends all windows before `window`, which becomes the first that is open.
  ///
  /// @param millis length of a window, 1 or more
  /// @return what is to be recorded: windows with receipts, oldest first
  public List<Body.Receipts> advance(long window, long millis) {
    windowMillis = millis;
    open = Math.max(open, window);
    last = none();
    List<Body.Receipts> ended = new ArrayList<>();
    for (Window each : windows.headMap(open).values()) {
      if (!each.sealed()) {
        boolean kept = each.kept();
        ended.add(new Body.Receipts(each.number(), each.size(), each.seal()));
        outOfBudget += kept && !each.kept() ? each.size() : 0;
        sealedBytes += each.bytes();
        sealedKept += each.kept() ? each.size() : 0;
      }
    }
    count();
    return ended;
  }

  /// Ends every window.
  ///
  /// @return what is to be recorded
  public List<Body.Receipts> end() {
    return windows.isEmpty() ? List.of() : advance(windows.lastKey() + 1, windowMillis);
  }

  /// Adds a receipt to the window in which its request ended, or to the first that is still open.
  ///
  /// @param endMillis when it ended, Unix time
  /// @throws IllegalStateException unless [#begun]
  public void add(Leaf leaf, long endMillis) {
    if (!begun()) {
      throw new IllegalStateException("the length of a window is not known yet");
    }
    long number = Math.max(open, endMillis / windowMillis);
    if (last.number() != number) {
      last = windows.computeIfAbsent(number, it -> new Window(it, hashing, room));
    }
    boolean kept = last.kept();
    last.add(leaf);
    if (!last.kept()) {
      outOfBudget += kept ? last.size() : 1;
    }
  }

  /// Forgets what is too old or too much; to be called after some were added.
  public void tidy(long nowMillis) {
    while (!windows.isEmpty()) {
      Window oldest = windows.firstEntry().getValue();
      if (!oldest.sealed() || (oldest.number() + 1) * windowMillis + keepMillis >= nowMillis) {
        break;
      }
      outOfTime += remove(oldest);
    }
    count();
    while (counts.bytes() > budgetBytes && forgetOldest()) {
      count();
    }
  }

  private boolean forgetOldest() {
    for (Window window : windows.values()) {
      if (window.sealed()) {
        outOfBudget += remove(window);
        return true;
      }
      if (window.kept()) {
        outOfBudget += window.size();
        window.forget();
        return true;
      }
    }
    return false;
  }

  /// @return how many receipts can be found no more
  private long remove(Window sealed) {
    windows.remove(sealed.number());
    sealedBytes -= sealed.bytes();
    long kept = sealed.kept() ? sealed.size() : 0;
    sealedKept -= kept;
    sealed.forget();
    return kept;
  }

  private void count() {
    long kept = sealedKept;
    long bytes = sealedBytes;
    for (Window window : windows.tailMap(open).values()) {
      kept += window.kept() ? window.size() : 0;
      bytes += window.bytes();
    }
    counts = new Counts(kept, bytes, outOfTime, outOfBudget);
  }

  /// A window's record is durable.
  public void recorded(long window, Hash record) {
    Window known = windows.get(window);
    if (known != null) {
      known.recorded(record);
    }
  }

  /// A receipt by its id; empty if it is unknown or forgotten.
  public Optional<Found> find(ReceiptId id) {
    for (Window window : windows.descendingMap().values()) {
      long before = window.bytes();
      OptionalInt index = window.find(id);
      sealedBytes += window.sealed() ? window.bytes() - before : 0;
      if (index.isPresent()) {
        return Optional.of(found(window, index.getAsInt()));
      }
    }
    return Optional.empty();
  }

  private static Found found(Window window, int index) {
    byte[] leaf = window.leaf(index);
    return window
        .root()
        .<Found>map(root ->
            new Found.Closed(
                leaf,
                window.number(),
                TreeProofs.inclusion(window, index, window.size()),
                root,
                window.record()))
        .orElseGet(() -> new Found.Open(leaf, window.number(), index));
  }

  /// Forgets everything. By the thread that added them.
  @Override
  public void close() {
    windows.values().forEach(Window::forget);
    windows.clear();
    last = none();
  }

  /// Figures as of the last [#tidy] or [#advance].
  public Counts counts() {
    return counts;
  }

  /// When the oldest window that can be found began, Unix time; empty if there is none.
  public Optional<Long> sinceMillis() {
    return windows.values().stream()
        .filter(Window::kept)
        .findFirst()
        .map(window -> window.number() * windowMillis);
  }
}
