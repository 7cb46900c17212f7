package io.skein.simulator.mesh;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SignatureCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Nodes that are broken on purpose: each breaks one promise, and the checkers have to notice.
enum Mutants implements StormSimulation.Broken {
  /// Acknowledges before the disk has answered: the last forces are lost in a power cut.
  NO_FSYNC("lost durable records") {
    @Override
    public Disk disk(Disk disk) {
      return new LateDisk(disk);
    }
  },

  /// Takes what is pushed and never asks for what is missing.
  NO_RECONCILIATION("heads roots differ") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new Habit() {
        @Override
        public Optional<byte[]> leaving(NodeLife self, NodeId to, byte[] message) {
          return Wire.kind(message) == Wire.PULL ? Optional.empty() : Optional.of(message);
        }
      };
    }
  },

  /// Of two records in one place the last one stays, and the feed goes on.
  LAST_WRITE_WINS("does not know of the fork") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new LastWriteWins(mesh, node);
    }
  },

  /// Believes every signature: what others wrote in an author's name stays, or convicts the author.
  UNCHECKED_SIGNATURES("FORGERY", "honest author accused") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new Credulous(node);
    }
  },

  /// Never looks at the signatures that it has put off.
  TAKES_RUNS_ON_TRUST("is not signed by its author") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new Habit() {
        @Override
        public SignatureCheck check() {
          return (_, _) -> true;
        }
      };
    }

    @Override
    boolean isTried(Storm storm) {
      return storm.liars().values().stream().anyMatch(lies -> lies.contains(Lie.SPOIL));
    }
  },

  /// Lets old records go as soon as it may, whoever has yet to get them.
  PRUNES_BEFORE_ACKNOWLEDGEMENT("before node-") {
    @Override
    public boolean hasty() {
      return true;
    }
  },

  /// Rates by what its clock says of a record's age, not by what the ledger says.
  WALL_CLOCK_IN_REPUTATION("reputation roots differ") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new Habit() {
        @Override
        public boolean rates(NodeLife self, SignedRecord record) {
          return self.nowMillis() - (record.hlc() >>> 16) < 4_000;
        }
      };
    }
  },

  /// Of two settings of a key the one that came last stands, not the one that was written last.
  LAST_TO_ARRIVE_STANDS("catalogues differ") {
    @Override
    public Habit habit(StormSimulation mesh, StormNode node) {
      return new Habit() {
        @Override
        public long writtenHlc(NodeLife self, SignedRecord record) {
          return HybridClock.at(self.nowMillis());
        }
      };
    }
  };

  private final List<String> symptoms;

  Mutants(String... symptoms) {
    this.symptoms = List.of(symptoms);
  }

  /// Whether anybody does in a storm what a sound node would not put up with.
  boolean isTried(Storm storm) {
    return true;
  }

  /// Which of the chaos harness's checks find what: any of these.
  List<String> checks() {
    return switch (this) {
      case NO_FSYNC -> List.of("monotonic reads: WENT_BACK");
      case NO_RECONCILIATION -> List.of("set: LOST");
      case LAST_WRITE_WINS -> List.of("accusations: FORK_NOT_PROVEN");
      case UNCHECKED_SIGNATURES -> List.of("accusations: HONEST_ACCUSED");
      case WALL_CLOCK_IN_REPUTATION -> List.of("equal reputation: REPUTATION_DIFFERS");
      case LAST_TO_ARRIVE_STANDS -> List.of("agreement: DISAGREE");
      // Shows in bytes that no client checks, and in the calm that follows a storm.
      case TAKES_RUNS_ON_TRUST, PRUNES_BEFORE_ACKNOWLEDGEMENT -> List.of();
    };
  }

  /// Whether a violation is what the checkers say of it.
  boolean shownBy(String violation) {
    return symptoms.stream().anyMatch(violation::contains);
  }

  private static final class LastWriteWins implements Habit {
    private final StormSimulation mesh;
    private final StormNode node;

    LastWriteWins(StormSimulation mesh, StormNode node) {
      this.mesh = mesh;
      this.node = node;
    }

    @Override
    public Optional<byte[]> arriving(NodeLife self, NodeId from, byte[] message) {
      if (Wire.kind(message) == Wire.EVIDENCE) {
        return Optional.empty();
      }
      Ledger ledger = self.ledger();
      Wire wire = new Wire(ledger.meshId());
      Optional<Wire.Records> records = wire.records(message);
      if (records.isEmpty()) {
        return Optional.of(message);
      }
      List<byte[]> heard = new ArrayList<>();
      for (byte[] encoded : records.get().records()) {
        if (!(SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record))
            || !contradicts(ledger, record)) {
          heard.add(encoded);
        } else if (ledger.keyOf(record.feed()).filter(record::verifies).isPresent()) {
          mesh.overwrite(node, record);
        }
      }
      return Optional.of(wire.records(records.get().id(), heard));
    }

    private static boolean contradicts(Ledger ledger, SignedRecord record) {
      return record.body() instanceof ForkProof
          || ledger.page(record.feed(), record.seq(), 1).stream()
              .anyMatch(held -> held.seq() == record.seq() && !held.hash().equals(record.hash()));
    }
  }

  /// Signs what comes with a bad signature as its author would have: to the ledger behind it that
  /// is not to check.
  private static final class Credulous implements Habit {
    private final StormNode node;

    Credulous(StormNode node) {
      this.node = node;
    }

    @Override
    public Optional<byte[]> arriving(NodeLife self, NodeId from, byte[] message) {
      Wire wire = new Wire(self.ledger().meshId());
      return wire.records(message)
          .map(records ->
              wire.records(records.id(), records.records().stream().map(this::believed).toList()))
          .or(() -> Optional.of(message));
    }

    private byte[] believed(byte[] encoded) {
      if (SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)) {
        SigningKey key = node.keyring.get(record.author());
        if (key != null && !record.verifies(key.publicKey())) {
          return SignedRecord.sign(
                  key,
                  record.meshId(),
                  record.epoch(),
                  record.seq(),
                  record.prev(),
                  record.hlc(),
                  record.body())
              .encoded();
        }
      }
      return encoded;
    }
  }

  /// Says that something is forced, and forces it some forces later.
  private static final class LateDisk implements Disk {
    private static final int LATE = 3;
    private final Disk disk;
    private final Deque<DiskFile> waiting = new ArrayDeque<>();

    LateDisk(Disk disk) {
      this.disk = disk;
    }

    private void force(DiskFile file) throws IOException {
      waiting.addLast(file);
      if (waiting.size() > LATE) {
        waiting.removeFirst().force();
      }
    }

    @Override
    public boolean exists(Path path) throws IOException {
      return disk.exists(path);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
      return disk.list(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
      disk.createFolder(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      disk.forceFolder(folder);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
      return new LateFile(this, disk.open(file));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      disk.move(from, to);
    }

    @Override
    public void link(Path file, Path second) throws IOException {
      disk.link(file, second);
    }

    @Override
    public void delete(Path file) throws IOException {
      disk.delete(file);
    }
  }

  private record LateFile(LateDisk disk, DiskFile file) implements DiskFile {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      file.read(into, at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      file.write(bytes, at);
    }

    @Override
    public void force() throws IOException {
      disk.force(file);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      file.truncate(bytes);
    }

    @Override
    public void close() throws IOException {
      // The force that is late still needs it.
    }
  }
}
