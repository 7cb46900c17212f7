package io.skein.gossip.directory;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.gossip.transport.jgroups.JGroupsConfig;
import io.skein.gossip.transport.jgroups.JGroupsTimers;
import io.skein.gossip.transport.jgroups.JGroupsTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.infinispan.conflict.EntryMergePolicy;
import org.jgroups.Address;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;

/// One node of a mesh in this JVM: a transport, a directory, and a map that stands for what its
/// ledger says.
final class DirectoryNode implements AutoCloseable {
  static final DirectoryConfig QUICK =
      new DirectoryConfig(
          Duration.ofMillis(400),
          Duration.ofMillis(150),
          Duration.ofSeconds(2),
          Duration.ofMillis(500));

  private static final JGroupsTimers FAST =
      new JGroupsTimers(
          Duration.ofMillis(300),
          Duration.ofMillis(400),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofMillis(250),
          Duration.ofMillis(1_500),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(800));

  final int number;
  final JGroupsTransport transport;
  final Optional<MeshDirectory> directory;
  final ConcurrentHashMap<String, DirectoryEntry> log = new ConcurrentHashMap<>();
  final AtomicBoolean knows = new AtomicBoolean(true);
  final AtomicInteger heard = new AtomicInteger();
  volatile SortedSet<PeerId> view = new TreeSet<>();

  private DirectoryNode(
      int number,
      List<MeshAddress> seeds,
      boolean withDirectory,
      DirectoryConfig config,
      EntryMergePolicy<String, Object> merging) {
    this.number = number;
    transport =
        new JGroupsTransport(
            new JGroupsConfig(
                "directory-test",
                new PeerId(0, number),
                "n" + number,
                new MeshAddress("127.0.0.1", 0),
                Optional.empty(),
                seeds,
                List.of(),
                FAST,
                Optional.empty()));
    directory =
        withDirectory
            ? Optional.of(new MeshDirectory(transport, config, new Log(), merging))
            : Optional.empty();
  }

  static DirectoryNode start(int number, DirectoryNode... seeds) {
    return start(number, true, QUICK, new GreatestVersion(), seeds);
  }

  static DirectoryNode start(
      int number,
      boolean withDirectory,
      DirectoryConfig config,
      EntryMergePolicy<String, Object> merging,
      DirectoryNode... seeds) {
    List<MeshAddress> at =
        Arrays.stream(seeds).map(seed -> seed.transport.address().orElseThrow()).toList();
    DirectoryNode node = new DirectoryNode(number, at, withDirectory, config, merging);
    node.transport.start(node.new Ear());
    node.directory.ifPresent(MeshDirectory::start);
    return node;
  }

  /// A node whose directory has not begun yet.
  static DirectoryNode silent(int number) {
    DirectoryNode node = new DirectoryNode(number, List.of(), true, QUICK, new GreatestVersion());
    node.transport.start(node.new Ear());
    return node;
  }

  MeshDirectory directory() {
    return directory.orElseThrow();
  }

  MeshCache cache() {
    return directory().cache().orElseThrow();
  }

  /// Writes as an author does: into its own log, then into the directory.
  void write(String key, long clock, String text) {
    DirectoryEntry entry =
        new DirectoryEntry(clock, transport.self(), text.getBytes(StandardCharsets.UTF_8));
    log.merge(key, entry, (held, next) -> held.compareTo(next) >= 0 ? held : next);
    directory().put(key, entry);
  }

  /// Whether this node's copy is what its log says, byte for byte.
  boolean equalsLog() {
    if (directory().cache().isEmpty()) {
      return false;
    }
    Map<String, byte[]> held = cache().held();
    return held.keySet().equals(log.keySet())
        && log.entrySet().stream()
            .allMatch(entry -> Arrays.equals(entry.getValue().toBytes(), held.get(entry.getKey())));
  }

  /// Drops whatever comes from `others`, in both directions if both sides do it.
  void cutOff(DirectoryNode... others) throws Exception {
    DISCARD discard = new DISCARD();
    for (DirectoryNode other : others) {
      discard.addIgnoreMember(other.transport.channel().getAddress());
    }
    stack().insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
  }

  void heal() {
    stack().removeProtocol(DISCARD.class);
  }

  /// Ends without a word, as a killed process does.
  void kill() throws Exception {
    DISCARD discard = new DISCARD().discardAll(true);
    stack().insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
    stack().getTransport().stop();
  }

  Address address() {
    return transport.channel().getAddress();
  }

  private ProtocolStack stack() {
    return transport.channel().getProtocolStack();
  }

  @Override
  public void close() {
    transport.close();
  }

  private final class Log implements MeshDirectory.Source {
    @Override
    public Optional<Map<String, DirectoryEntry>> expected() {
      return knows.get() ? Optional.of(new TreeMap<>(log)) : Optional.empty();
    }

    @Override
    public void repaired(Map<String, Integer> repaired, boolean first) {
      System.out.println("n" + number + " repaired " + repaired);
    }
  }

  private final class Ear implements Transport.Listener {
    @Override
    public void message(PeerId from, int channel, byte[] payload) {
      heard.incrementAndGet();
    }

    @Override
    public void view(SortedSet<PeerId> reachable) {
      view = reachable;
    }
  }
}
