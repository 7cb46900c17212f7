package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where things lie in a data directory: `feeds/<author>/<epoch>/<first seq>.seg`, the epoch and
/// the seq as 16 hexadecimal digits. Files of other names are left alone.
final class FeedFiles {
  static final String SUFFIX = ".seg";
  static final String TEMPORARY_SUFFIX = ".tmp";
  private static final HexFormat HEX = HexFormat.of();

  private FeedFiles() {}

  static Path feedDirectory(Path directory, FeedId feed) {
    return directory
        .resolve("feeds")
        .resolve(feed.author().toString())
        .resolve(HEX.toHexDigits(feed.epoch()));
  }

  static String segmentName(long firstSeq) {
    return HEX.toHexDigits(firstSeq) + SUFFIX;
  }

  /// A file name for something of a feed outside its folder.
  static String flatName(FeedId feed, long seq) {
    return feed.author() + "-" + HEX.toHexDigits(feed.epoch()) + "-" + HEX.toHexDigits(seq);
  }

  /// All feeds that have a folder, in order.
  static List<FeedId> feeds(Disk disk, Path directory) throws IOException {
    List<FeedId> feeds = new ArrayList<>();
    for (Path author : disk.list(directory.resolve("feeds"))) {
      Optional<NodeId> id = author(author.getFileName().toString());
      if (id.isPresent()) {
        for (Path epoch : disk.list(author)) {
          number(epoch.getFileName().toString())
              .ifPresent(number -> feeds.add(new FeedId(id.get(), number)));
        }
      }
    }
    Collections.sort(feeds);
    return feeds;
  }

  /// A feed's segments by first seq.
  static SortedMap<Long, Path> segments(Disk disk, Path feedDirectory) throws IOException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    for (Path file : disk.list(feedDirectory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(SUFFIX)) {
        number(name.substring(0, name.length() - SUFFIX.length()))
            .filter(first -> first >= 1)
            .ifPresent(first -> segments.put(first, file));
      }
    }
    return segments;
  }

  /// Makes sure that `folder` and those between it and `root`, which is there, are there durably.
  static void createDurably(Disk disk, Path root, Path folder) throws IOException {
    Path parent = folder.getParent();
    if (folder.equals(root) || parent == null) {
      return;
    }
    createDurably(disk, root, parent);
    disk.createFolder(folder);
    // Also if it was there: an earlier force may have failed.
    disk.forceFolder(parent);
  }

  /// Replaces a small file in one step: after a crash it holds the old bytes or the new ones.
  static void replaceDurably(Disk disk, Path file, ByteBuffer bytes) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    if (disk.exists(temporary)) {
      disk.delete(temporary);
    }
    try (DiskFile out = disk.open(temporary)) {
      out.write(bytes, 0);
      out.force();
    }
    disk.move(temporary, file);
    disk.forceFolder(parent(file));
  }

  /// All of a file of at most `maxBytes`; empty if it is not there or longer.
  static Optional<ByteBuffer> readSmall(Disk disk, Path file, int maxBytes) throws IOException {
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    try (DiskFile in = disk.open(file)) {
      if (in.size() > maxBytes) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) in.size());
      in.read(bytes, 0);
      return Optional.of(bytes.flip());
    }
  }

  /// The folder a file of the data directory lies in.
  static Path parent(Path file) {
    return Optional.ofNullable(file.getParent()).orElseThrow();
  }

  static UncheckedIOException failure(String what, Path file, IOException cause) {
    return new UncheckedIOException(
        new IOException(what + " " + file + ": " + cause.getMessage(), cause));
  }

  private static Optional<NodeId> author(String name) {
    try {
      return Optional.of(NodeId.parse(name));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String name) {
    try {
      return name.length() == 16
          ? Optional.of(HexFormat.fromHexDigitsToLong(name))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
