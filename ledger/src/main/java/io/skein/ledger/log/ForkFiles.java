package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
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

/// The folder `forks/`: one file for each forked feed, three frames in it: the author's key and the
/// two records of the lowest place proven so far.
final class ForkFiles {
  private static final int FRAMES = 3;
  private static final String SUFFIX = ".fork";
  private static final int MAX_BYTES = FRAMES * (Frame.HEADER_BYTES + Frame.MAX_CONTENT_BYTES);
  private final Disk disk;
  private final Path directory;
  private final Map<FeedId, ForkProof> proofs = new TreeMap<>();
  private final Set<FeedId> unwritten = new LinkedHashSet<>();

  ForkFiles(Disk disk, Path directory) throws IOException {
    this.disk = disk;
    this.directory = directory;
    for (Path file : disk.list(folder())) {
      if (file.getFileName().toString().endsWith(SUFFIX)) {
        read(file).ifPresent(proof -> proofs.put(proof.feed(), proof));
      }
    }
  }

  private Path folder() {
    return directory.resolve("forks");
  }

  /// Keeps a proof, unless one of an earlier place is kept; durable after the next [#write].
  void keep(ForkProof proof) {
    ForkProof known = proofs.get(proof.feed());
    if (known == null || known.seq() > proof.seq()) {
      proofs.put(proof.feed(), proof);
      unwritten.add(proof.feed());
    }
  }

  /// Makes what was kept durable; what fails is tried again the next time.
  void write() throws IOException {
    Iterator<FeedId> feeds = unwritten.iterator();
    while (feeds.hasNext()) {
      FeedId feed = feeds.next();
      Path file = folder().resolve(FeedFiles.flatName(feed, 0) + SUFFIX);
      ForkProof proof = proofs.get(feed);
      try {
        if (proof != null) {
          write(file, proof);
        }
      } catch (IOException e) {
        throw new IOException("cannot keep a fork in " + file + ": " + e.getMessage(), e);
      }
      feeds.remove();
    }
  }

  private void write(Path file, ForkProof proof) throws IOException {
    FeedFiles.createDurably(disk, directory, folder());
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    Frame.put(bytes, proof.key().toBytes());
    Frame.put(bytes, proof.first().encoded());
    Frame.put(bytes, proof.second().encoded());
    FeedFiles.replaceDurably(disk, file, bytes.flip());
  }

  List<ForkProof> all() {
    return List.copyOf(proofs.values());
  }

  private Optional<ForkProof> read(Path file) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    Optional<ByteBuffer> found = FeedFiles.readSmall(disk, file, MAX_BYTES);
    if (found.isPresent()) {
      ByteBuffer bytes = found.get();
      int at = 0;
      for (int length; (length = Frame.intactLength(bytes, at)) >= 0; ) {
        byte[] content = new byte[length];
        bytes.get(at + Frame.HEADER_BYTES, content);
        contents.add(content);
        at += Frame.HEADER_BYTES + length;
      }
    }
    try {
      return contents.size() == FRAMES
              && SignedRecord.decode(contents.get(1)) instanceof Decoded.Valid(SignedRecord first)
              && SignedRecord.decode(contents.get(2)) instanceof Decoded.Valid(SignedRecord second)
          ? Optional.of(new ForkProof(PublicKey.of(contents.getFirst()), first, second))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
