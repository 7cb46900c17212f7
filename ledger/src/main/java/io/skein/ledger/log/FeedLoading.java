package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one feed after the other when a store is opened, mends what is damaged, and notes what was
/// lost.
final class FeedLoading {
  private final Disk disk;
  private final Path directory;
  private final OpenFiles files;
  private final List<Damage> damages;

  /// @param damages where damage is noted
  FeedLoading(Disk disk, Path directory, OpenFiles files, List<Damage> damages) {
    this.disk = disk;
    this.directory = directory;
    this.files = files;
    this.damages = damages;
  }

  /// A feed as its folder holds it, everything readable durable.
  ///
  /// @param mark up to which it was verified before
  /// @throws IOException if something cannot be read or repaired; nothing is lost then
  StoredFeed load(FeedId id, Optional<Verified> mark) throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, id);
    List<StoredFeed> attempts = new ArrayList<>();
    FeedScan scan =
        FeedScan.of(
            disk,
            directory,
            id,
            mark,
            cut -> {
              StoredFeed attempt = new StoredFeed(id, folder, leaves(folder, cut));
              attempts.add(attempt);
              cut.ifPresent(it -> attempt.cutAt(it.cut(), it.kept(), it.key()));
              attempt.leaves.file().compare();
              return new Shown(attempt.leaves);
            });
    StoredFeed feed = attempts.getLast();
    damages.addAll(scan.damages());
    new FeedRepair(disk, directory, id).mend(scan);
    feed.found(scan, mark);
    long lost = feed.leaves.file().compared();
    if (mark.isPresent() && mark.get().size() > feed.lastSeq()) {
      missing(mark.get(), feed.lastSeq());
    } else if (lost > 0 && scan.damages().isEmpty()) {
      gone(id, feed.lastSeq(), feed.lastSeq() + lost);
    }
    if (mark.isEmpty() || mark.get().size() < feed.lastSeq()) {
      force(feed, mark.map(Verified::size).orElse(0L));
    }
    return feed;
  }

  private StoredLeaves leaves(Path folder, Optional<CutFile.Loaded> cut) {
    LeafFile file = new LeafFile(files, folder);
    if (cut.isEmpty()) {
      return new StoredLeaves(file);
    }
    file.begin(cut.get().cut().size());
    return new StoredLeaves(file, new FeedHashes(cut.get().tree(), file));
  }

  /// The process may have ended between a write and its force: what can be read of that is dirty
  /// still.
  private void force(StoredFeed feed, long markedSeq) throws IOException {
    for (Segment last : feed.segments.tailMap(markedSeq).values()) {
      files.of(last.file).force();
    }
    if (!feed.segments.isEmpty()) {
      files.of(feed.segments.lastEntry().getValue().file).force();
      disk.forceFolder(feed.folder);
    }
  }

  /// Notes that a feed ends before a mark that stood for it, unless its damage is noted already.
  ///
  /// @param held last seq that is there
  void missing(Verified mark, long held) {
    if (damages.stream().noneMatch(damage -> damage.feed().equals(mark.feed()))) {
      gone(mark.feed(), held, mark.size());
    }
  }

  private void gone(FeedId feed, long held, long was) {
    damages.add(
        new Damage(
            feed,
            held + 1,
            FeedFiles.feedDirectory(directory, feed),
            0,
            Kind.GAP,
            "seq " + (held + 1) + " to " + was + " were here and are gone"));
  }

  /// Shows a scan's records to what is derived from them.
  private record Shown(StoredLeaves leaves) implements FeedScan.Reader {
    @Override
    public void below(RecordOutline record) {
      leaves.add(record);
    }

    @Override
    public void record(SignedRecord record) {
      leaves.add(record);
    }

    @Override
    public boolean agrees(Verified mark) {
      return FeedTree.root(leaves.tree()).equals(Optional.of(mark.root()))
          && leaves.signatures().equals(mark.signatures());
    }
  }
}
