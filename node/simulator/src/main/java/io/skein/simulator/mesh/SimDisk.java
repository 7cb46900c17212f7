package io.skein.simulator.mesh;

import io.skein.ledger.log.Damage;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A node's disk as its ledger sees it, with what can befall one: a power cut that takes what was
/// not synced, rot that a checksum finds, no space, an old copy put back in its place.
///
/// Rot behaves as damage in segment files does: it is noticed when the record is read or the disk
/// opened; then the records before it stay, those behind it wait until the gap is refilled.
final class SimDisk implements RecordStore {
  /// When what was synced is really durable.
  enum Syncing {
    /// At once, as promised.
    HONEST,
    /// Only with the next sync: what a node does that acknowledges before its disk has answered.
    LATE
  }

  private static final class Frame {
    final SignedRecord record;
    boolean durable;
    boolean rotten;

    Frame(SignedRecord record) {
      this.record = record;
    }
  }

  private static final class Shelf {
    final TreeMap<Long, Frame> frames = new TreeMap<>();
    long tip;
  }

  private final Syncing syncing;
  private final TreeMap<FeedId, Shelf> shelves = new TreeMap<>();
  private final Map<FeedId, List<SignedRecord>> forks = new LinkedHashMap<>();
  private final List<Damage> damages = new ArrayList<>();
  private List<Frame> unsynced = new ArrayList<>();
  private List<Frame> late = new ArrayList<>();
  private boolean copied;
  private boolean full;

  SimDisk(Syncing syncing) {
    this.syncing = syncing;
  }

  /// Power is cut: what was not synced is gone. Ends what [#full] began.
  void crash() {
    full = false;
    unsynced.clear();
    late.clear();
    shelves.values().forEach(shelf -> shelf.frames.values().removeIf(frame -> !frame.durable));
    open();
  }

  /// Nothing more can be written, or again.
  void full(boolean isFull) {
    full = isFull;
  }

  /// A bit of a durable record flips.
  void rot(FeedId feed, long seq) {
    Optional.ofNullable(shelves.get(feed))
        .flatMap(shelf -> Optional.ofNullable(shelf.frames.get(seq)))
        .ifPresent(frame -> frame.rotten = true);
  }

  /// What a backup taken now would hold: what is durable and sound.
  ///
  /// @param noticed whether the copy knows that it is one, as a copied directory does and a
  ///   restored image of a disk does not
  SimDisk copy(boolean noticed) {
    SimDisk copy = new SimDisk(syncing);
    copy.copied = noticed;
    copy.forks.putAll(forks);
    shelves.forEach((feed, shelf) -> {
      Shelf target = new Shelf();
      shelf.frames.forEach((seq, frame) -> {
        if (frame.durable && !frame.rotten) {
          Frame kept = new Frame(frame.record);
          kept.durable = true;
          target.frames.put(seq, kept);
        }
      });
      copy.shelves.put(feed, target);
    });
    copy.open();
    return copy;
  }

  /// Overwrites the record in that place, and what followed it: what no store should ever do.
  void overwrite(SignedRecord record) {
    Shelf shelf = shelves.computeIfAbsent(record.feed(), _ -> new Shelf());
    shelf.frames.tailMap(record.seq(), true).clear();
    Frame frame = new Frame(record);
    frame.durable = true;
    shelf.frames.put(record.seq(), frame);
    open();
  }

  /// Reads everything anew.
  private void open() {
    damages.clear();
    shelves.forEach((feed, shelf) -> {
      boolean sound = true;
      for (long seq : List.copyOf(shelf.frames.keySet())) {
        if (shelf.frames.get(seq).rotten) {
          damages.add(damage(feed, seq, Damage.Kind.BAD_FRAME));
          shelf.frames.remove(seq);
          sound = false;
        }
      }
      shelf.tip = 0;
      extend(shelf);
      if (sound && !shelf.frames.isEmpty() && shelf.frames.lastKey() > shelf.tip) {
        damages.add(damage(feed, shelf.tip + 1, Damage.Kind.GAP));
      }
    });
  }

  private static Damage damage(FeedId feed, long seq, Damage.Kind kind) {
    return new Damage(feed, seq, Path.of("disk"), 0, kind, "checksum mismatch");
  }

  private static void extend(Shelf shelf) {
    for (Frame next = shelf.frames.get(shelf.tip + 1);
        next != null && next.record.prev().equals(tipHash(shelf));
        next = shelf.frames.get(shelf.tip + 1)) {
      shelf.tip++;
    }
  }

  private static Hash tipHash(Shelf shelf) {
    Frame tip = shelf.frames.get(shelf.tip);
    return tip == null ? Hash.ZERO : tip.record.hash();
  }

  @Override
  public void append(SignedRecord record) {
    Shelf shelf = shelves.computeIfAbsent(record.feed(), _ -> new Shelf());
    if (record.seq() != shelf.tip + 1 || !record.prev().equals(tipHash(shelf))) {
      throw new IllegalArgumentException(
          "record: " + record + " (expected: seq " + (shelf.tip + 1) + " with its prev)");
    }
    Frame frame = new Frame(record);
    shelf.frames.put(record.seq(), frame);
    unsynced.add(frame);
    shelf.tip++;
    extend(shelf);
  }

  @Override
  public void sync() {
    if (full) {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }
    List<Frame> durable = syncing == Syncing.HONEST ? unsynced : late;
    durable.forEach(frame -> frame.durable = true);
    late = syncing == Syncing.HONEST ? new ArrayList<>() : unsynced;
    unsynced = new ArrayList<>();
  }

  @Override
  public SortedSet<FeedId> feeds() {
    TreeSet<FeedId> held = new TreeSet<>();
    shelves.forEach((feed, shelf) -> {
      if (shelf.tip > 0) {
        held.add(feed);
      }
    });
    return held;
  }

  @Override
  public long lastSeq(FeedId feed) {
    Shelf shelf = shelves.get(feed);
    return shelf == null ? 0 : shelf.tip;
  }

  @Override
  public Optional<byte[]> encoded(FeedId feed, long seq) {
    return record(feed, seq).map(SignedRecord::encoded);
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    Shelf shelf = shelves.get(feed);
    if (shelf == null || seq < 1 || seq > shelf.tip) {
      return Optional.empty();
    }
    Frame frame = shelf.frames.get(seq);
    if (frame == null || frame.rotten) {
      Damage found = damage(feed, seq, Damage.Kind.BAD_FRAME);
      if (!damages.contains(found)) {
        damages.add(found);
      }
      return Optional.empty();
    }
    return Optional.of(frame.record);
  }

  @Override
  public boolean waiting(FeedId feed) {
    Shelf shelf = shelves.get(feed);
    return shelf != null && !shelf.frames.isEmpty() && shelf.frames.lastKey() > shelf.tip;
  }

  @Override
  public List<Damage> damages() {
    return List.copyOf(damages);
  }

  @Override
  public void keepFork(SignedRecord held, SignedRecord other) {
    forks.putIfAbsent(held.feed(), List.of(held, other));
  }

  @Override
  public List<List<SignedRecord>> forks() {
    return List.copyOf(forks.values());
  }

  @Override
  public boolean copied() {
    return copied;
  }

  @Override
  public void close() {}
}
