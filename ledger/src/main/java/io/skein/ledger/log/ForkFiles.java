package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
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
import java.util.Optional;
import java.util.TreeMap;

/// The folder `forks/`: one file for each forked feed, three frames in it: the author's key and the
/// two records of the lowest place proven so far.
final class ForkFiles {
  private static final int FRAMES = 3;
  private static final String SUFFIX = ".fork";
  private final Path folder;
  private final Map<FeedId, Body.ForkProof> proofs = new TreeMap<>();

  ForkFiles(Path directory) throws IOException {
    this.folder = directory.resolve("forks");
    for (Path file : FeedFiles.children(folder)) {
      if (file.getFileName().toString().endsWith(SUFFIX)) {
        read(file).ifPresent(proof -> proofs.put(proof.feed(), proof));
      }
    }
  }

  void keep(Body.ForkProof proof) {
    Body.ForkProof known = proofs.get(proof.feed());
    if (known != null && known.seq() <= proof.seq()) {
      return;
    }
    Path file = folder.resolve(FeedFiles.flatName(proof.feed(), 0) + SUFFIX);
    byte[] key = proof.key().toBytes();
    byte[] first = proof.first().encoded();
    byte[] second = proof.second().encoded();
    ByteBuffer bytes =
        ByteBuffer.allocate(Frame.bytes(key) + Frame.bytes(first) + Frame.bytes(second));
    Frame.put(bytes, key);
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
    proofs.put(proof.feed(), proof);
  }

  List<Body.ForkProof> all() {
    return List.copyOf(proofs.values());
  }

  private static Optional<Body.ForkProof> read(Path file) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    if (Files.size(file) <= (long) FRAMES * (Frame.HEADER_BYTES + Frame.MAX_CONTENT_BYTES)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
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
          ? Optional.of(new Body.ForkProof(PublicKey.of(contents.getFirst()), first, second))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
