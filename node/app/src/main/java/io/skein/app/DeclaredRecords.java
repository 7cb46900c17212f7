package io.skein.app;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which changes of the catalogue this node's configuration file brought about: of each key the
/// clock and the author of the record. What the file does not say any more is removed only if that
/// very record still stands, so that nothing goes that somebody else or the API has put. Kept in
/// the data directory, `KEY AUTHOR CLOCK` a line; if it is lost, nothing is removed any more.
///
/// One thread at a time; blocks.
final class DeclaredRecords {
  private static final Logger LOG = LoggerFactory.getLogger(DeclaredRecords.class);
  private static final long MAX_BYTES = 64L << 20;

  private final Path file;
  private Map<String, Stamp> stamps;

  /// The record that brought a key.
  record Stamp(NodeId author, long hlc) {
    static Stamp of(Catalogue.Standing standing) {
      return new Stamp(standing.author(), standing.hlc());
    }
  }

  /// Reads `declared` in the data directory.
  DeclaredRecords(Path data) {
    this.file = data.resolve("declared");
    this.stamps = read(file);
  }

  /// By key of the catalogue, such as `service/orders`. A snapshot, in the order of the keys.
  synchronized Map<String, Stamp> stamps() {
    return Collections.unmodifiableMap(new TreeMap<>(stamps));
  }

  /// Replaces all.
  synchronized void keep(Map<String, Stamp> fresh) {
    if (fresh.equals(stamps)) {
      return;
    }
    stamps = new TreeMap<>(fresh);
    StringBuilder text = new StringBuilder();
    stamps.forEach((key, stamp) -> {
      text.append(key).append(' ').append(stamp.author()).append(' ');
      text.append(Long.toUnsignedString(stamp.hlc())).append('\n');
    });
    try {
      Path next = file.resolveSibling("declared.next");
      Files.writeString(next, text, StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("{} cannot be written, so services that leave the file may stay: {}", file, e);
    }
  }

  private static Map<String, Stamp> read(Path file) {
    Map<String, Stamp> stamps = new TreeMap<>();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("larger than 64 MiB");
      }
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String[] words = line.split(" ", -1);
        if (words.length == 3) {
          stamps.put(words[0], new Stamp(NodeId.parse(words[1]), Long.parseUnsignedLong(words[2])));
        }
      }
    } catch (NoSuchFileException _) {
      // The file has declared nothing yet.
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be read, so what it names is left as it is: {}", file, e.toString());
    }
    return stamps;
  }
}
