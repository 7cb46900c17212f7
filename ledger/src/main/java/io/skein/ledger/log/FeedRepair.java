package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.log.FeedScan.Finding;
import io.skein.ledger.log.FeedScan.Run;
import io.skein.ledger.record.FeedId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/// Brings a feed's folder into the state in which every segment is one run of intact records under
/// its right name. Whatever is taken out goes to `quarantine/` first, and a crash at any point
/// leaves a folder that the same repair mends: salvaged runs are written and forced under temporary
/// names, the damaged file is linked into quarantine, and only then are names changed.
final class FeedRepair {
  private static final int COPY_BYTES = 1 << 16;

  private final Disk disk;
  private final Path directory;
  private final FeedId feed;

  FeedRepair(Disk disk, Path directory, FeedId feed) {
    this.disk = disk;
    this.directory = directory;
    this.feed = feed;
  }

  void mend(FeedScan scan) throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, feed);
    for (Path file : disk.list(folder)) {
      if (file.getFileName().toString().endsWith(FeedFiles.TEMPORARY_SUFFIX)) {
        disk.delete(file);
      }
    }
    boolean changed = clearCut(scan, folder);
    for (Finding finding : scan.findings()) {
      if (finding.runs().isEmpty()) {
        setAside(finding.file(), finding.sizeBytes());
        changed = true;
      } else if (!finding.sound()) {
        rewrite(finding);
        changed = true;
      } else if (finding.torn()) {
        cutTail(finding.file(), finding.tornAt(), finding.sizeBytes());
      }
    }
    if (changed) {
      disk.forceFolder(folder);
    }
  }

  /// Takes what a cut made superfluous away, and a cut that cannot be used out of the feed.
  private boolean clearCut(FeedScan scan, Path folder) throws IOException {
    boolean changed = false;
    for (Path file : scan.superseded()) {
      disk.delete(file);
      changed = true;
    }
    Optional<Path> current = scan.cut().cut().map(cut -> cut.kept().file);
    boolean flawed = scan.cut().flaw().isPresent();
    for (Path file : disk.list(folder)) {
      String name = file.getFileName().toString();
      boolean kept = name.endsWith(CutFile.KEPT_SUFFIX);
      if (flawed && (kept || name.equals(CutFile.NAME))) {
        setAside(file, 1);
        changed = true;
      } else if (kept && !current.equals(Optional.of(file))) {
        if (current.isEmpty() && scan.lastSeq() == 0) {
          setAside(file, 1); // its cut is gone: nobody else may have these records
        } else {
          disk.delete(file);
        }
        changed = true;
      }
    }
    return changed;
  }

  /// Takes a file out of the feed.
  void setAside(Path file, long sizeBytes) throws IOException {
    if (sizeBytes > 0) {
      keep(file);
    }
    disk.delete(file);
  }

  private void rewrite(Finding finding) throws IOException {
    for (Run run : finding.runs()) {
      copy(finding.file(), run.start(), run.index().sizeBytes(), temporary(run));
    }
    keep(finding.file());
    boolean replaced = false;
    // Last run first: until the damaged file itself is replaced, the next scan finds it again.
    for (Run run : finding.runs().reversed()) {
      disk.move(temporary(run), run.index().file);
      replaced |= run.index().file.equals(finding.file());
    }
    if (!replaced) {
      disk.delete(finding.file());
    }
  }

  private static Path temporary(Run run) {
    return run.index()
        .file
        .resolveSibling(run.index().file.getFileName() + FeedFiles.TEMPORARY_SUFFIX);
  }

  /// Cuts a file to `keptBytes`; what is cut off stays in quarantine.
  void cutTail(Path file, int keptBytes, int sizeBytes) throws IOException {
    copy(file, keptBytes, sizeBytes - keptBytes, free(file, ".tail"));
    disk.forceFolder(quarantine());
    try (DiskFile cut = disk.open(file)) {
      cut.truncate(keptBytes);
      cut.force();
    }
  }

  private void copy(Path file, int from, int length, Path to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(COPY_BYTES);
    try (DiskFile in = disk.open(file);
        DiskFile out = disk.open(to)) {
      for (int done = 0; done < length; ) {
        in.read(bytes.clear().limit(Math.min(COPY_BYTES, length - done)), (long) from + done);
        if (bytes.hasRemaining()) {
          throw new EOFException(file + " became shorter");
        }
        out.write(bytes.flip(), done);
        done += bytes.limit();
      }
      out.force();
    }
  }

  /// Keeps bytes of a file that are about to be replaced in place.
  void keepBytes(Path file, ByteBuffer bytes) throws IOException {
    try (DiskFile out = disk.open(free(file, ".frame"))) {
      out.write(bytes, 0);
      out.force();
    }
    disk.forceFolder(quarantine());
  }

  private void keep(Path file) throws IOException {
    disk.link(file, free(file, FeedFiles.SUFFIX));
    disk.forceFolder(quarantine());
  }

  private Path quarantine() {
    return directory.resolve("quarantine");
  }

  private Path free(Path file, String suffix) throws IOException {
    FeedFiles.createDurably(disk, directory, quarantine());
    String name = file.getFileName().toString().replace(FeedFiles.SUFFIX, "");
    String stem = feed.author() + "-" + Long.toHexString(feed.epoch()) + "-" + name;
    Path free = quarantine().resolve(stem + suffix);
    for (int copy = 1; disk.exists(free); copy++) {
      free = quarantine().resolve(stem + "." + copy + suffix);
    }
    return free;
  }
}
