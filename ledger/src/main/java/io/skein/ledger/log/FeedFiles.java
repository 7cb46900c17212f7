package io.skein.ledger.log;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  static List<FeedId> feeds(Path directory) throws IOException {
    List<FeedId> feeds = new ArrayList<>();
    for (Path author : children(directory.resolve("feeds"))) {
      Optional<NodeId> id = author(author.getFileName().toString());
      if (id.isPresent()) {
        for (Path epoch : children(author)) {
          number(epoch.getFileName().toString())
              .ifPresent(number -> feeds.add(new FeedId(id.get(), number)));
        }
      }
    }
    Collections.sort(feeds);
    return feeds;
  }

  /// A feed's segments by first seq.
  static SortedMap<Long, Path> segments(Path feedDirectory) throws IOException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    for (Path file : children(feedDirectory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(SUFFIX)) {
        number(name.substring(0, name.length() - SUFFIX.length()))
            .filter(first -> first >= 1)
            .ifPresent(first -> segments.put(first, file));
      }
    }
    return segments;
  }

  /// The entries of a folder in order of name; none if there is no such folder.
  static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      }
    }
    Collections.sort(children);
    return children;
  }

  /// Creates a folder and makes the entries of all folders it had to create durable.
  static void createDurably(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      createDurably(parent);
    }
    Files.createDirectory(folder);
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  /// Makes a folder's entries durable, where the system lets a folder be opened.
  static void forceDirectory(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException _) {
      return; // Windows: entries are durable without it
    }
    try (channel) {
      channel.force(true);
    }
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
