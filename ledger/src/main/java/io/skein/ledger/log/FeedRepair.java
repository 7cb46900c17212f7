package io.skein.ledger.log;

import io.skein.ledger.log.FeedScan.Finding;
import io.skein.ledger.log.FeedScan.Run;
import io.skein.ledger.record.FeedId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Brings a feed's folder into the state in which every segment is one run of intact records under
/// its right name. Whatever is taken out goes to `quarantine/` first, and a crash at any point
/// leaves a folder that the same repair mends: salvaged runs are written and forced under temporary
/// names, the damaged file is linked into quarantine, and only then are names changed.
final class FeedRepair {
  private final Path directory;
  private final FeedId feed;

  FeedRepair(Path directory, FeedId feed) {
    this.directory = directory;
    this.feed = feed;
  }

  void mend(FeedScan scan) throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, feed);
    for (Path file : FeedFiles.children(folder)) {
      if (file.getFileName().toString().endsWith(FeedFiles.TEMPORARY_SUFFIX)) {
        Files.delete(file);
      }
    }
    boolean changed = false;
    for (Finding finding : scan.findings()) {
      if (finding.runs().isEmpty()) {
        changed |= setAside(finding.file(), finding.sizeBytes());
      } else if (!finding.sound()) {
        rewrite(finding);
        changed = true;
      } else if (finding.torn()) {
        cutTail(finding.file(), finding.tornAt(), finding.sizeBytes());
      }
    }
    if (changed) {
      FeedFiles.forceDirectory(folder);
    }
  }

  /// Takes a file out of the feed.
  boolean setAside(Path file, long sizeBytes) throws IOException {
    if (sizeBytes > 0) {
      keep(file);
    }
    Files.delete(file);
    return true;
  }

  private void rewrite(Finding finding) throws IOException {
    for (Run run : finding.runs()) {
      Path temporary = temporary(run);
      try (FileChannel in = FileChannel.open(finding.file(), StandardOpenOption.READ);
          FileChannel out =
              FileChannel.open(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        long end = (long) run.start() + run.index().sizeBytes();
        for (long at = run.start(); at < end; ) {
          at += in.transferTo(at, end - at, out);
        }
        out.force(true);
      }
    }
    keep(finding.file());
    boolean replaced = false;
    // Last run first: until the damaged file itself is replaced, the next scan finds it again.
    for (Run run : finding.runs().reversed()) {
      Files.move(
          temporary(run),
          run.index().file,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      replaced |= run.index().file.equals(finding.file());
    }
    if (!replaced) {
      Files.delete(finding.file());
    }
  }

  private static Path temporary(Run run) {
    return run.index()
        .file
        .resolveSibling(run.index().file.getFileName() + FeedFiles.TEMPORARY_SUFFIX);
  }

  /// Cuts a file to `keptBytes`; what is cut off stays in quarantine.
  void cutTail(Path file, int keptBytes, int sizeBytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (FileChannel out =
          FileChannel.open(
              free(file, ".tail"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (long at = keptBytes; at < sizeBytes; ) {
          at += channel.transferTo(at, sizeBytes - at, out);
        }
        out.force(true);
      }
      FeedFiles.forceDirectory(directory.resolve("quarantine"));
      channel.truncate(keptBytes);
      channel.force(true);
    }
  }

  private void keep(Path file) throws IOException {
    Path kept = free(file, FeedFiles.SUFFIX);
    try {
      Files.createLink(kept, file);
    } catch (UnsupportedOperationException | IOException _) {
      Files.copy(file, kept);
      try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    FeedFiles.forceDirectory(directory.resolve("quarantine"));
  }

  private Path free(Path file, String suffix) throws IOException {
    Path quarantine = directory.resolve("quarantine");
    FeedFiles.createDurably(quarantine.toAbsolutePath());
    String name = file.getFileName().toString().replace(FeedFiles.SUFFIX, "");
    String stem = feed.author() + "-" + Long.toHexString(feed.epoch()) + "-" + name;
    Path free = quarantine.resolve(stem + suffix);
    for (int copy = 1; Files.exists(free); copy++) {
      free = quarantine.resolve(stem + "." + copy + suffix);
    }
    return free;
  }
}
