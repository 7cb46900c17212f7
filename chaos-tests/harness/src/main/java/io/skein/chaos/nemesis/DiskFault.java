package io.skein.chaos.nemesis;

import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.Trees;
import io.skein.chaos.history.FaultMark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/// Faults of one node's disk. What a node acknowledged is durable on its own disk first; if that
/// disk is lost before a peer has it, no mesh can bring it back. So before a disk is changed nobody
/// writes at the node any more, until another node holds all that it acknowledged: what is missing
/// afterwards was lost by the mesh.
final class DiskFault implements Fault {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final int ROOM_MEBIBYTES = 4;
  private static final int PAGE_BYTES = 4_096;
  private static final int REFUSED = 4;
  private static final int FLIPS = 3;
  private static final String SEGMENT = ".seg";

  private final Step step;
  private final NodeHandle node;
  private final Lock gate;
  private final Replicated replicated;
  private final SplittableRandom random;
  private String seen = "nothing changed on the disk";
  private boolean held;
  private boolean wiped;

  /// Whether another node holds all that this one does.
  interface Replicated {
    boolean elsewhere(NodeHandle node) throws InterruptedException;
  }

  /// @param gate held while nobody may write at the node
  DiskFault(Step step, NodeHandle node, Lock gate, Replicated replicated, long seed) {
    this.step = step;
    this.node = node;
    this.gate = gate;
    this.replicated = replicated;
    this.random = new SplittableRandom(seed + step.id());
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    FaultMark down = bare.withDown(List.of(node.name()));
    return step.kind() == Kind.FULL_DISK ? down : down.withForgets(List.of(node.name()));
  }

  private Path image() {
    return node.disk().resolveSibling("image");
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    if (step.kind() == Kind.FULL_DISK) {
      node.kill();
      node.smallDisk(ROOM_MEBIBYTES);
      node.start();
      node.awaitReady(READY);
      fill();
    } else if (step.kind() == Kind.OLD_DISK) {
      node.kill();
      Trees.delete(image());
      Trees.copy(node.disk(), image());
      node.start();
      node.awaitReady(READY);
    }
  }

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    if (step.kind() == Kind.FULL_DISK) {
      long room = Files.getFileStore(node.disk()).getUsableSpace();
      held = room < PAGE_BYTES;
      seen = room + " bytes left";
      return;
    }
    gate.lock();
    try {
      if (!replicated.elsewhere(node)) {
        seen = "its records never reached another node, its disk was left alone";
        node.kill();
        return;
      }
      node.kill();
      switch (step.kind()) {
        case OLD_DISK -> {
          Trees.delete(node.disk());
          Trees.copy(image(), node.disk());
          Trees.delete(image());
          seen = "disk of " + millis / 1_000 + " s before";
          held = true;
        }
        case EMPTY_DISK -> {
          wipe();
          held = !Files.exists(node.disk());
          seen = "disk deleted";
        }
        case OLD_INVITE -> {
          wipe();
          int exit = node.startWithExpiredInvite(READY);
          held = exit == REFUSED;
          seen = "an expired invite: exit " + exit;
          node.kill();
        }
        default -> corrupt();
      }
    } finally {
      gate.unlock();
    }
  }

  private void wipe() throws IOException {
    Trees.delete(node.disk());
    wiped = true;
  }

  private Path filler() {
    return node.disk().resolve("filler");
  }

  private void fill() throws IOException {
    byte[] page = new byte[PAGE_BYTES];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (Files.getFileStore(node.disk()).getUsableSpace() >= PAGE_BYTES) {
        throw e;
      }
    }
  }

  private void corrupt() throws IOException {
    List<Path> segments;
    try (Stream<Path> files = Files.walk(node.disk())) {
      segments =
          files
              .filter(file -> file.getFileName().toString().endsWith(SEGMENT))
              .filter(file -> file.toFile().length() > 0)
              .sorted()
              .toList();
    }
    for (int i = 0; i < FLIPS && !segments.isEmpty(); i++) {
      Path segment = segments.get(random.nextInt(segments.size()));
      try (FileChannel file =
          FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long at = random.nextLong(file.size());
        ByteBuffer one = ByteBuffer.allocate(1);
        file.read(one, at);
        one.flip();
        byte flipped = (byte) (one.get(0) ^ (1 << random.nextInt(8)));
        one.put(0, flipped);
        file.write(one, at);
        seen = (held ? seen + "; " : "") + segment.getFileName() + " at " + at;
        held = true;
      }
    }
  }

  @Override
  public Proof proof() {
    return new Proof(held, node.name() + ": " + seen);
  }

  @Override
  public void end() throws IOException, InterruptedException {
    if (step.kind() == Kind.FULL_DISK) {
      node.kill();
      Files.deleteIfExists(filler());
      node.smallDisk(0);
    }
    if (wiped) {
      Trees.delete(node.disk());
      node.startAsNewcomer();
    } else {
      node.start();
    }
    node.awaitReady(READY);
  }
}
