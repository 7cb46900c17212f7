package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The folder `forks/`: one file for each forked feed, two frames in it.
final class ForkFiles {
  private static final String SUFFIX = ".fork";
  private static final int MAX_BYTES = 2 * (Frame.HEADER_BYTES + Frame.MAX_CONTENT_BYTES);
  private final Disk disk;
  private final Path directory;
  private final Map<Path, List<SignedRecord>> pairs = new TreeMap<>();
  private final Set<Path> unwritten = new LinkedHashSet<>();

  ForkFiles(Disk disk, Path directory) throws IOException {
    this.disk = disk;
    this.directory = directory;
    for (Path file : disk.list(folder())) {
      if (file.getFileName().toString().endsWith(SUFFIX)) {
        List<SignedRecord> pair = read(file);
        if (pair.size() == 2) {
          pairs.put(file, pair);
        }
      }
    }
  }

  private Path folder() {
    return directory.resolve("forks");
  }

  /// Keeps a pair; durable after the next [#write].
  void keep(SignedRecord held, SignedRecord other) {
    Path file = folder().resolve(FeedFiles.flatName(held.feed(), 0) + SUFFIX);
    if (pairs.putIfAbsent(file, List.of(held, other)) == null) {
      unwritten.add(file);
    }
  }

  /// Makes what was kept durable; what fails is tried again the next time.
  void write() throws IOException {
    Iterator<Path> files = unwritten.iterator();
    while (files.hasNext()) {
      Path file = files.next();
      try {
        write(file, pairs.getOrDefault(file, List.of()));
      } catch (IOException e) {
        throw new IOException("cannot keep a fork in " + file + ": " + e.getMessage(), e);
      }
      files.remove();
    }
  }

  private void write(Path file, List<SignedRecord> pair) throws IOException {
    FeedFiles.createDurably(disk, directory, folder());
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    pair.forEach(record -> Frame.put(bytes, record.encoded()));
    FeedFiles.replaceDurably(disk, file, bytes.flip());
  }

  List<List<SignedRecord>> all() {
    return List.copyOf(pairs.values());
  }

  private List<SignedRecord> read(Path file) throws IOException {
    List<SignedRecord> pair = new ArrayList<>();
    Optional<ByteBuffer> found = FeedFiles.readSmall(disk, file, MAX_BYTES);
    if (found.isPresent()) {
      ByteBuffer bytes = found.get();
      int at = 0;
      for (int length; (length = Frame.intactLength(bytes, at)) >= 0; ) {
        byte[] content = new byte[length];
        bytes.get(at + Frame.HEADER_BYTES, content);
        if (SignedRecord.decode(content) instanceof Decoded.Valid(SignedRecord record)) {
          pair.add(record);
        }
        at += Frame.HEADER_BYTES + length;
      }
    }
    return pair;
  }
}
