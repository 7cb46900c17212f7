package io.skein.simulator.mesh;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.sim.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// A node's disk, and what can befall one. What a ledger gets of it is a real store over files in
/// memory.
final class SimDisk {
  private static final Path DIRECTORY = Path.of("/disk");
  private static final int SEGMENT_BYTES = 1 << 14;
  private static final int FRAME_HEAD_BYTES = 8;

  private final SigningKey key;
  private final UnaryOperator<Disk> seenAs;
  private final FaultyDisk disk;
  private final boolean copied;
  private boolean reads = true;

  /// An empty disk.
  ///
  /// @param key of the node whose it is
  /// @param seenAs what a store sees of it: the disk itself, unless the node is broken on purpose
  SimDisk(SigningKey key, UnaryOperator<Disk> seenAs) {
    this(key, seenAs, new FaultyDisk(DIRECTORY), false);
  }

  private SimDisk(SigningKey key, UnaryOperator<Disk> seenAs, FaultyDisk disk, boolean copied) {
    this.key = key;
    this.seenAs = seenAs;
    this.disk = disk;
    this.copied = copied;
  }

  /// Opens the store on it.
  RecordStore open() {
    try {
      RecordStore store =
          SegmentStore.open(seenAs.apply(disk), DIRECTORY, SEGMENT_BYTES, Optional.of(key));
      return copied ? new CopiedStore(store) : store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Power is cut: of what was not forced any part is gone. Whatever was wrong with the disk is
  /// over.
  void crash(RandomGenerator random) {
    sound();
    disk.crash(random);
  }

  /// Nothing more fits.
  void fill() {
    disk.capacity(disk.usedBytes());
  }

  /// Nothing can be forced, and what was to be is dropped.
  void failForces() {
    disk.faults((operation, _) ->
        operation == FaultyDisk.Operation.FORCE
            ? Optional.of("Input/output error")
            : Optional.empty());
  }

  /// No record can be read.
  void failReads() {
    reads = false;
    disk.faults((operation, path) ->
        operation == FaultyDisk.Operation.READ && path.toString().endsWith(".seg")
            ? Optional.of("Input/output error")
            : Optional.empty());
  }

  /// Whether what is on it can be read.
  boolean reads() {
    return reads;
  }

  /// There is space again, reading and forcing work.
  void sound() {
    reads = true;
    disk.capacity(Long.MAX_VALUE);
    disk.faults(FaultyDisk.Faults.NONE);
  }

  /// One bit of the frame that holds a record flips.
  void rot(FeedId feed, long seq, RandomGenerator random) {
    try {
      TreeMap<Long, Path> segments = new TreeMap<>();
      disk.files().forEach(file -> firstSeq(file, feed).ifPresent(at -> segments.put(at, file)));
      Map.Entry<Long, Path> segment = segments.floorEntry(seq);
      if (segment != null) {
        flip(segment.getValue(), seq - segment.getKey(), random);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Long> firstSeq(Path file, FeedId feed) {
    String name = String.valueOf(file.getFileName());
    String folder = "feeds/" + feed.author() + "/" + HexFormat.of().toHexDigits(feed.epoch()) + "/";
    return file.toString().contains(folder) && name.endsWith(".seg")
        ? Optional.of(Long.parseUnsignedLong(name.substring(0, name.length() - 4), 16))
        : Optional.empty();
  }

  private void flip(Path file, long index, RandomGenerator random) throws IOException {
    byte[] bytes = disk.bytes(file);
    int at = 0;
    for (long i = 0; i < index && hasFrame(bytes, at); i++) {
      at += FRAME_HEAD_BYTES + ByteBuffer.wrap(bytes).getInt(at);
    }
    if (hasFrame(bytes, at)) {
      int length = FRAME_HEAD_BYTES + ByteBuffer.wrap(bytes).getInt(at);
      bytes[at + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
      disk.tamper(file, bytes);
    }
  }

  // where a length has rotted before, the frames behind it are not found
  private static boolean hasFrame(byte[] bytes, int at) {
    if (bytes.length - at <= FRAME_HEAD_BYTES) {
      return false;
    }
    int length = ByteBuffer.wrap(bytes).getInt(at);
    return length >= 0 && length <= bytes.length - at - FRAME_HEAD_BYTES;
  }

  /// A copy of all that is on it.
  ///
  /// @param noticed whether a store finds out that it is a copy, as it does with a copied directory
  ///   and does not with an image of a disk
  SimDisk copy(boolean noticed) {
    return new SimDisk(key, seenAs, disk.copy(), noticed);
  }

  /// The same disk in the hands of another identity.
  SimDisk handedOn(SigningKey successor) {
    return new SimDisk(successor, seenAs, disk, copied);
  }

  /// A new disk of the same make.
  SimDisk blank() {
    return new SimDisk(key, seenAs);
  }
}
