package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The sorts of faults, in the order in which help lists them.
public enum Kind {
  /// Two halves, of which one is larger by at most one.
  HALVES(Needs.LINKS, "the mesh in two halves"),
  /// A minority of at most two nodes against the rest.
  MINORITY(Needs.LINKS, "a small part cut off from the rest"),
  /// One node against the rest.
  ISOLATE(Needs.LINKS, "one node cut off from all others"),
  /// Each node reaches its two neighbours only.
  RING(Needs.LINKS, "each node sees only its two neighbours"),
  /// Two halves and one node that reaches both.
  BRIDGE(Needs.LINKS, "two halves that only one node reaches both of"),
  /// One node is heard and hears nothing.
  ONE_WAY(Needs.LINKS, "one node's packets arrive, it gets none"),
  /// Halves that come and go each second.
  FLAPPING(Needs.LINKS, "halves that split and heal every second"),
  /// Packets get lost.
  LOSS(Needs.LINKS, "a fifth of all packets between nodes lost"),
  /// Packets come late and in another order.
  DELAY(Needs.DELAY, "packets late by 100 ms, 40 ms either way"),
  /// A thin line.
  SLOW_LINK(Needs.LIMIT, "one node sends no more than 512 kbit/s"),
  /// SIGKILL of one node.
  KILL(Needs.PROCESSES, "kill -9 of one node, then a restart"),
  /// SIGKILL of a minority at once.
  KILL_MINORITY(Needs.PROCESSES, "kill -9 of a minority at once"),
  /// SIGKILL of a majority at once.
  KILL_MAJORITY(Needs.PROCESSES, "kill -9 of a majority at once"),
  /// SIGKILL of all.
  KILL_ALL(Needs.PROCESSES, "kill -9 of every node at once"),
  /// SIGSTOP, too short to be taken for dead.
  PAUSE_SHORT(Needs.PROCESSES, "one node stopped for 2 s"),
  /// SIGSTOP, long enough to be taken for dead.
  PAUSE_LONG(Needs.PROCESSES, "one node stopped for longer than detection takes"),
  /// SIGKILL of an endpoint.
  ENDPOINT(Needs.PROCESSES, "kill -9 of one node's endpoint"),
  /// A restart with the seed gone.
  SEED_GONE(Needs.PROCESSES, "a node restarts while the node it joined by is dead"),
  /// One node after the other, in good order.
  ROLLING(Needs.PROCESSES, "every node restarted in turn by SIGTERM"),
  /// One node after the other, in good order, with another program.
  UPGRADE(Needs.OLDER, "every node restarted in turn, from an older build to the one under test"),
  /// A restart with an image of the disk from before.
  OLD_DISK(Needs.PROCESSES, "a node restarts with an old copy of its disk"),
  /// A restart with nothing.
  EMPTY_DISK(Needs.PROCESSES, "a node loses its disk and joins anew"),
  /// A newcomer with an invite of yesterday.
  OLD_INVITE(Needs.PROCESSES, "a node loses its disk and knocks with an invite that has expired"),
  /// An identity that ends.
  REVOKE(Needs.PROCESSES, "a running node's identity is revoked, then it joins anew"),
  /// An invite for one that both sides of a split admit somebody by.
  ONE_INVITE(
      Needs.LINKS,
      "two nodes lose their disks and join on two sides of a split by an invite for one"),
  /// A restart with a damaged disk.
  CORRUPT_DISK(Needs.PROCESSES, "bytes of a node's ledger flipped on its disk"),
  /// No room.
  FULL_DISK(Needs.MOUNT, "a node's disk is full, then has room again"),
  /// A disk that takes its time.
  SLOW_DISK(Needs.SYNCS, "each fsync of one node takes 50 to 500 ms longer"),
  /// No processor.
  STARVE(Needs.CPU_LIMIT, "one node gets a tenth of a processor"),
  /// No memory.
  STARVE_MEMORY(Needs.MEMORY, "one node gets no more memory than it holds, and waits for it"),
  /// No memory, and a kernel that does not wait.
  OOM_KILL(Needs.MEMORY, "one node is killed by the kernel for want of memory"),
  /// A clock that is wrong.
  CLOCK(Needs.CLOCK, "one node's wall clock wrong by 288 s, ahead or behind"),
  /// A clock that jumps.
  CLOCK_STROBE(Needs.CLOCK, "one node's wall clock jumps 288 s to and fro every two seconds"),
  /// A catalogue that never rests.
  CHURN(Needs.API, "services come and go, up to 50 changes a second at one node"),
  /// Half requests.
  STALLED_CLIENTS(Needs.API, "200 clients of one node begin a request and never end it");

  /// What a fault needs of the driver.
  enum Needs {
    /// Nothing but the nodes' ports.
    API,
    /// Nothing but processes of our own.
    PROCESSES,
    /// A network that can be cut.
    LINKS,
    /// A network that can be delayed.
    DELAY,
    /// A network whose lines can be made thin.
    LIMIT,
    /// File systems of our own.
    MOUNT,
    /// Nodes of another build than the one under test.
    OLDER,
    /// Syncs that can be delayed.
    SYNCS,
    /// Control groups.
    CPU_LIMIT,
    /// Memory that is counted.
    MEMORY,
    /// Wall clocks that can be set wrong.
    CLOCK
  }

  private final Needs needs;
  private final String text;

  Kind(Needs needs, String text) {
    this.needs = needs;
    this.text = text;
  }

  /// As it is called on the command line and in histories.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What it does, in one line.
  public String text() {
    return text;
  }

  /// What the mesh has to be started with.
  public Optional<Preparation> preparation() {
    return switch (needs) {
      case CLOCK -> Optional.of(Preparation.CLOCK);
      case SYNCS -> Optional.of(Preparation.SYNCS);
      case MEMORY -> Optional.of(Preparation.MEMORY);
      case API, PROCESSES, OLDER, LINKS, DELAY, LIMIT, MOUNT, CPU_LIMIT -> Optional.empty();
    };
  }

  Needs needs() {
    return needs;
  }

  /// The kind of that name.
  public static Optional<Kind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  /// All names.
  public static List<String> words() {
    return Arrays.stream(values()).map(Kind::word).toList();
  }
}
