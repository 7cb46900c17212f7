package io.skein.ledger.log;

import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The folder `forks/`: one file for each forked feed, two frames in it.
final class ForkFiles {
  private static final String SUFFIX = ".fork";
  private final Path folder;
  private final Map<Path, List<SignedRecord>> pairs = new TreeMap<>();

  ForkFiles(Path directory) throws IOException {
    this.folder = directory.resolve("forks");
    for (Path file : FeedFiles.children(folder)) {
      if (file.getFileName().toString().endsWith(SUFFIX)) {
        List<SignedRecord> pair = read(file);
        if (pair.size() == 2 && contradict(pair.getFirst(), pair.getLast())) {
          pairs.put(file, pair);
        }
      }
    }
  }

  void keep(SignedRecord held, SignedRecord other) {
    Path file = folder.resolve(FeedFiles.flatName(held.feed(), 0) + SUFFIX);
    if (pairs.containsKey(file)) {
      return;
    }
    byte[] first = held.encoded();
    byte[] second = other.encoded();
    ByteBuffer bytes = ByteBuffer.allocate(Frame.bytes(first) + Frame.bytes(second));
    Frame.put(bytes, first);
    Frame.put(bytes, second);
    bytes.flip();
    try {
      FeedFiles.createDurably(folder);
      Path temporary = file.resolveSibling(file.getFileName() + FeedFiles.TEMPORARY_SUFFIX);
      Files.deleteIfExists(temporary);
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      FeedFiles.forceDirectory(folder);
    } catch (IOException e) {
      throw FeedFiles.failure("cannot keep a fork in", file, e);
    }
    pairs.put(file, List.of(held, other));
  }

  List<List<SignedRecord>> all() {
    return List.copyOf(pairs.values());
  }

  private static boolean contradict(SignedRecord one, SignedRecord other) {
    return one.feed().equals(other.feed())
        && one.seq() == other.seq()
        && !one.hash().equals(other.hash());
  }

  private static List<SignedRecord> read(Path file) throws IOException {
    List<SignedRecord> pair = new ArrayList<>();
    if (Files.size(file) <= 2L * (Frame.HEADER_BYTES + Frame.MAX_CONTENT_BYTES)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
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
