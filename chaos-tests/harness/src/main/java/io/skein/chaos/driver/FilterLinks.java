package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Breaks the network between nodes by packet filters and queueing disciplines in each node's own
/// network, a namespace or a container. Only what comes from another node's address is touched:
/// clients and the node's endpoint are not.
final class FilterLinks implements Links {
  private static final String CHAIN = "CHAOS";
  private static final String LATE_CHAIN = "CHAOS-LATE";
  private static final int LATE_QUEUE = 77;
  private static final int LAST_PACKET = 7;
  private static final int UNLIMITED_KILOBITS = 10_000_000;

  private final Map<String, List<String>> inside;
  private final Map<String, String> addresses;
  private final Map<String, List<String>> cables;
  private final Map<String, List<String>> rules = new TreeMap<>();
  private final Optional<Holding> holding;
  private final Map<String, Process> held = new TreeMap<>();
  private final boolean thin;
  private final boolean late;
  private boolean shaped;

  /// Where programs can be started that hold packets back ([PacketDelay]).
  interface Holding {
    /// Starts one that ends with the run; its output can be read.
    Process start(List<String> words) throws IOException;
  }

  /// @param inside words before a command that is to run in a node's network, by node
  /// @param addresses the nodes' addresses, by node
  /// @param cables words before `up` or `down` that plug a node in or out, by node
  /// @param holding how packets are delayed where the kernel has no netem; empty: not at all
  FilterLinks(
      Map<String, List<String>> inside,
      Map<String, String> addresses,
      Map<String, List<String>> cables,
      Optional<Holding> holding)
      throws IOException, InterruptedException {
    this.inside = new TreeMap<>(inside);
    this.addresses = new TreeMap<>(addresses);
    this.cables = new TreeMap<>(cables);
    for (String node : this.inside.keySet()) {
      in(node, "iptables", "-w", "-N", CHAIN);
      in(node, "iptables", "-w", "-A", "INPUT", "-j", CHAIN);
    }
    thin = takes("htb");
    late = thin && takes("netem", "delay", "1ms");
    this.holding = holding.isPresent() && !late && queues() ? holding : Optional.empty();
  }

  /// Makes the chain of what is held back, if this kernel's filter can hold anything.
  private boolean queues() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("iptables", "-w", "-A", LATE_CHAIN));
    words.addAll(queue());
    for (String node : inside.keySet()) {
      in(node, "iptables", "-w", "-N", LATE_CHAIN);
      in(node, "iptables", "-w", "-A", "OUTPUT", "-j", LATE_CHAIN);
    }
    return Command.works(command("n1", words.toArray(String[]::new)))
        && Command.works(command("n1", "iptables", "-w", "-F", LATE_CHAIN));
  }

  /// Where nobody takes what is queued, it goes on at once.
  private static List<String> queue() {
    return List.of("-j", "NFQUEUE", "--queue-num", Integer.toString(LATE_QUEUE), "--queue-bypass");
  }

  private boolean takes(String... discipline) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("tc", "qdisc", "add", "dev", "lo", "root"));
    words.addAll(List.of(discipline));
    return Command.works(command("n1", words.toArray(String[]::new)))
        && Command.works(command("n1", "tc", "qdisc", "del", "dev", "lo", "root"));
  }

  private String[] command(String node, String... words) {
    List<String> all = new ArrayList<>(inside.getOrDefault(node, List.of()));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  private String in(String node, String... words) throws IOException, InterruptedException {
    return Command.must(command(node, words));
  }

  private String address(String node) {
    return addresses.getOrDefault(node, "");
  }

  @Override
  public void cut(Collection<OneWay> directions) throws IOException, InterruptedException {
    rules.clear();
    for (OneWay direction : directions) {
      rules
          .computeIfAbsent(direction.to(), _ -> new ArrayList<>())
          .add("-A " + CHAIN + " -s " + address(direction.from()) + " -j DROP");
    }
    apply();
  }

  @Override
  public void lose(Collection<String> nodes, int percent) throws IOException, InterruptedException {
    for (String node : nodes) {
      List<String> here = rules.computeIfAbsent(node, _ -> new ArrayList<>());
      for (String other : inside.keySet()) {
        if (!other.equals(node)) {
          here.add(
              "-A "
                  + CHAIN
                  + " -s "
                  + address(other)
                  + " -m statistic --mode random --probability "
                  + percent / 100.0
                  + " -j DROP");
        }
      }
    }
    apply();
  }

  /// At all nodes at once: one after the other is too slow for a split that lasts a second.
  private void apply() throws IOException, InterruptedException {
    List<Callable<String>> all = new ArrayList<>();
    for (String node : inside.keySet()) {
      all.add(() -> apply(node));
    }
    List<String> problems = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> done : threads.invokeAll(all)) {
        problems.add(done.get());
      }
    } catch (ExecutionException e) {
      throw new IOException("iptables-restore", e);
    }
    problems.removeIf(String::isEmpty);
    if (!problems.isEmpty()) {
      throw new IOException(problems.getFirst());
    }
  }

  /// @return what went wrong; empty if nothing did
  private String apply(String node) throws IOException, InterruptedException {
    StringBuilder script = new StringBuilder("*filter\n:" + CHAIN + " - [0:0]\n");
    rules.getOrDefault(node, List.of()).forEach(rule -> script.append(rule).append('\n'));
    script.append("COMMIT\n");
    Command.Ended ended =
        Command.run(script.toString(), List.of(command(node, "iptables-restore", "-w", "-n")));
    return ended.good() ? "" : node + ": iptables-restore: " + ended.output();
  }

  @Override
  public boolean canDelay() {
    return late || holding.isPresent();
  }

  @Override
  public void delay(Collection<String> nodes, int millis, int jitterMillis)
      throws IOException, InterruptedException {
    if (holding.isPresent()) {
      hold(holding.get(), nodes, millis, jitterMillis);
      return;
    }
    for (String node : nodes) {
      queue(node, UNLIMITED_KILOBITS);
      tc(
          node,
          "qdisc add dev eth0 parent 1:3 handle 30: netem delay "
              + millis
              + "ms "
              + jitterMillis
              + "ms");
    }
  }

  private void hold(Holding where, Collection<String> nodes, int millis, int jitterMillis)
      throws IOException, InterruptedException {
    for (String node : nodes) {
      List<String> words = new ArrayList<>(inside.getOrDefault(node, List.of()));
      words.addAll(Distribution.java(PacketDelay.class));
      words.add(words.size() - 1, "--enable-native-access=ALL-UNNAMED");
      for (int word : new int[] {LATE_QUEUE, millis, jitterMillis}) {
        words.add(Integer.toString(word));
      }
      held.put(node, where.start(words));
    }
    for (Map.Entry<String, Process> one : held.entrySet()) {
      String said = one.getValue().inputReader(StandardCharsets.UTF_8).readLine();
      if (!PacketDelay.READY.equals(said)) {
        throw new IOException(one.getKey() + ": packets cannot be held: " + said);
      }
      for (String other : inside.keySet()) {
        if (!other.equals(one.getKey())) {
          List<String> rule =
              new ArrayList<>(List.of("iptables", "-w", "-A", LATE_CHAIN, "-d", address(other)));
          rule.addAll(queue());
          in(one.getKey(), rule.toArray(String[]::new));
        }
      }
    }
  }

  /// Lets nothing more be held, then ends who holds: what it still had is lost, as in a network.
  private void letGo() throws IOException, InterruptedException {
    for (Map.Entry<String, Process> one : held.entrySet()) {
      in(one.getKey(), "iptables", "-w", "-F", LATE_CHAIN);
      one.getValue().destroyForcibly().waitFor();
    }
    held.clear();
  }

  @Override
  public boolean canLimit() {
    return thin;
  }

  @Override
  public void limit(Collection<String> nodes, int kilobitsPerSecond)
      throws IOException, InterruptedException {
    for (String node : nodes) {
      queue(node, kilobitsPerSecond);
    }
  }

  /// Lets what the node sends to other nodes, and only that, pass through a queue of that rate.
  private void queue(String node, int kilobitsPerSecond) throws IOException, InterruptedException {
    shaped = true;
    tc(node, "qdisc replace dev eth0 root handle 1: htb");
    tc(node, "class add dev eth0 parent 1: classid 1:3 htb rate " + kilobitsPerSecond + "kbit");
    for (String other : inside.keySet()) {
      if (!other.equals(node)) {
        tc(
            node,
            "filter add dev eth0 parent 1: protocol ip prio 1 u32 match ip dst "
                + address(other)
                + "/32 flowid 1:3");
      }
    }
  }

  private void tc(String node, String words) throws IOException, InterruptedException {
    in(node, ("tc " + words).split(" ", -1));
  }

  @Override
  public void unplug(Collection<String> nodes) throws IOException, InterruptedException {
    for (Map.Entry<String, List<String>> cable : cables.entrySet()) {
      List<String> words = new ArrayList<>(cable.getValue());
      words.add(nodes.contains(cable.getKey()) ? "down" : "up");
      Command.must(words.toArray(String[]::new));
    }
  }

  @Override
  public void heal() throws IOException, InterruptedException {
    rules.clear();
    apply();
    letGo();
    if (shaped) {
      for (String node : inside.keySet()) {
        Command.run(command(node, "tc", "qdisc", "del", "dev", "eth0", "root"));
      }
      shaped = false;
    }
  }

  @Override
  public long touched() throws IOException, InterruptedException {
    long packets = 0;
    for (String node : inside.keySet()) {
      for (String line : in(node, "iptables", "-w", "-nvxL", CHAIN).lines().toList()) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 3 && words[2].equals("DROP")) {
          packets += Long.parseLong(words[0]);
        }
      }
      if (held.containsKey(node)) {
        packets += queued(in(node, "cat", "/proc/net/netfilter/nfnetlink_queue"));
      }
      if (shaped) {
        packets += sent(in(node, "tc", "-s", "class", "show", "dev", "eth0"));
      }
    }
    return packets;
  }

  /// Packets that were handed to who holds them, of the kernel's list of queues: number, process,
  /// waiting, mode, range, dropped twice, and the last packet's number.
  static long queued(String list) {
    return list.lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > LAST_PACKET)
        .filter(words -> words[0].equals(Integer.toString(LATE_QUEUE)))
        .mapToLong(words -> Long.parseLong(words[LAST_PACKET]))
        .sum();
  }

  /// Packets that went through the classes of `tc -s class show`.
  private static long sent(String shown) {
    long packets = 0;
    for (String line : shown.lines().toList()) {
      String[] words = line.strip().split(" ", -1);
      if (words.length > 4 && words[0].equals("Sent") && words[4].equals("pkt")) {
        packets += Long.parseLong(words[3]);
      }
    }
    return packets;
  }
}
