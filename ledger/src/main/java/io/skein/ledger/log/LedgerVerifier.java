package io.skein.ledger.log;

import io.skein.ledger.admission.Roster;
import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Verifies a data directory from nothing but its files: every frame, checksum, encoding, chain and
/// signature, with all cores, and that every author was admitted by the genesis or a chain of
/// invites. Writes nothing, not even the lock; so beside a running node it may see a write half
/// done and report a torn tail.
public final class LedgerVerifier {
  /// How far the verification has come.
  ///
  /// @param feed the feed that is read, or was read last
  /// @param feeds read so far
  /// @param totalFeeds in the directory
  /// @param records verified so far
  public record Progress(FeedId feed, int feeds, int totalFeeds, long records) {}

  /// One feed.
  ///
  /// @param records from its first on, without a gap, all verified, but for those before the cut
  /// @param cut how many of them a cut covers, 0 for none: of these the ones that stay are
  ///   verified, and the hashes of all give the root that the author signed in its next record
  /// @param lastHash hash of the last of them; [Hash#ZERO] if there is none
  /// @param admitted whether its author belongs, or belonged until revoked, to the mesh
  /// @param objection why it is not admitted, for people; empty if it is
  public record Feed(
      FeedId feed, long records, long cut, Hash lastHash, boolean admitted, String objection) {}

  /// What was found.
  ///
  /// @param meshId hash of the genesis, if there is one
  /// @param feeds every feed, in order
  /// @param records verified, in all feeds
  /// @param damages in order of feed, file and offset
  /// @param elapsedNanos how long it took
  public record Report(
      Optional<Hash> meshId,
      List<Feed> feeds,
      long records,
      List<Damage> damages,
      long elapsedNanos) {
    public Report {
      feeds = List.copyOf(feeds);
      damages = List.copyOf(damages);
    }

    /// Whether nothing is damaged and every feed's author was admitted.
    public boolean sound() {
      return damages.isEmpty() && feeds.stream().allMatch(Feed::admitted);
    }
  }

  private static final int PROGRESS_EVERY = 10_000;

  private final LongSupplier nanos;
  private final List<SignedRecord> identities = new ArrayList<>();
  private final TreeMap<FeedId, Set<Hash>> meshIds = new TreeMap<>();

  private LedgerVerifier(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Verifies the data directory; `nanos` is a running clock such as `System::nanoTime`.
  ///
  /// @throws IOException if the directory or a file in it cannot be read
  public static Report verify(Path directory, Consumer<Progress> progress, LongSupplier nanos)
      throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("data directory " + directory + ": not there (expected: a directory)");
    }
    return new LedgerVerifier(nanos).run(directory, progress);
  }

  private Report run(Path directory, Consumer<Progress> progress) throws IOException {
    long start = nanos.getAsLong();
    Disk disk = new RealDisk();
    FormatFile.check(disk, directory);
    List<FeedId> ids = FeedFiles.feeds(disk, directory);
    TreeMap<FeedId, FeedScan> scans = new TreeMap<>();
    List<Damage> damages = new ArrayList<>();
    long records = 0;
    for (FeedId id : ids) {
      long before = records;
      AtomicReference<Notes> notes = new AtomicReference<>(new Notes(_ -> {}));
      FeedScan scan =
          FeedScan.of(
              disk,
              directory,
              id,
              Optional.empty(),
              cut -> {
                notes.set(
                    new Notes(read ->
                        progress.accept(
                            new Progress(id, scans.size(), ids.size(), before + read))));
                cut.ifPresent(found -> found.records().forEach(notes.get()::record));
                return notes.get();
              });
      identities.addAll(notes.get().identities);
      meshIds.put(id, notes.get().meshIds);
      scans.put(id, scan);
      damages.addAll(scan.damages());
      records += scan.lastSeq();
      progress.accept(new Progress(id, scans.size(), ids.size(), records));
    }
    Roster roster = roster();
    List<Feed> feeds = new ArrayList<>();
    scans.forEach((id, scan) -> feeds.add(judge(id, scan, roster)));
    return new Report(
        roster.mesh().map(mesh -> mesh.meshId()),
        feeds,
        records,
        damages,
        nanos.getAsLong() - start);
  }

  /// What one feed says of identities.
  private static final class Notes implements FeedScan.Reader {
    private final LongConsumer read;
    private final List<SignedRecord> identities = new ArrayList<>();
    private final Set<Hash> meshIds = new TreeSet<>();
    private long records;

    Notes(LongConsumer read) {
      this.read = read;
    }

    @Override
    public void record(SignedRecord record) {
      if (++records % PROGRESS_EVERY == 0) {
        read.accept(records);
      }
      meshIds.add(record.body() instanceof Body.Genesis ? record.hash() : record.meshId());
      if (record.body() instanceof Body.Membership) {
        identities.add(record);
      }
    }
  }

  private Roster roster() {
    Roster roster =
        new Roster(
            identities.stream()
                .filter(record -> record.body() instanceof Body.Genesis)
                .map(SignedRecord::hash)
                .reduce((_, last) -> last)
                .orElse(Hash.ZERO));
    identities.forEach(roster::apply);
    return roster;
  }

  private Feed judge(FeedId id, FeedScan scan, Roster roster) {
    String objection;
    if (scan.lastSeq() == 0) {
      objection = "no readable first record";
    } else if (roster.mesh().isEmpty()) {
      objection = "no genesis to be admitted by";
    } else if (!meshIds.getOrDefault(id, Set.of()).equals(Set.of(roster.mesh().get().meshId()))) {
      objection = "holds records of another mesh";
    } else if (roster.keyOf(id.author()).isEmpty()) {
      objection = "author was never admitted";
    } else {
      objection = "";
    }
    long cut = scan.cut().cut().map(found -> found.cut().size()).orElse(0L);
    return new Feed(id, scan.lastSeq(), cut, scan.lastHash(), objection.isEmpty(), objection);
  }
}
