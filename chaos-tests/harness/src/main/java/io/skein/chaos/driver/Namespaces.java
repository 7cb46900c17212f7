package io.skein.chaos.driver;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.IntStream;

/// Network namespaces on one bridge: one a node, with an address of its own in 10.0.0.0/8. The
/// harness itself has the first address of the bridge.
final class Namespaces {
  private static final int FIRST_NET = 77;
  private static final int NETS = 100;

  private final String tag;
  private final int net;

  private Namespaces(String tag, int net) {
    this.tag = tag;
    this.net = net;
  }

  /// Why this machine has none; empty if it has.
  static String missing() throws InterruptedException {
    if (!Command.works("ip", "-V")) {
      return "no 'ip' here (package iproute2)";
    }
    if (!Command.works("iptables", "-V")) {
      return "no 'iptables' here";
    }
    String trial = "sktry" + Long.toString(ProcessHandle.current().pid(), 36);
    if (!Command.works("ip", "netns", "add", trial)) {
      return "may not make network namespaces (needs root)";
    }
    boolean filters = Command.works("ip", "netns", "exec", trial, "iptables", "-n", "-L");
    Command.works("ip", "netns", "del", trial);
    return filters ? "" : "no packet filter in network namespaces";
  }

  /// Makes a bridge and `count` namespaces on it.
  static Namespaces make(String tag, int count) throws IOException, InterruptedException {
    Namespaces made = new Namespaces(tag, freeNet());
    Command.must("ip", "link", "add", tag, "type", "bridge");
    Command.must("ip", "address", "add", made.address(0) + "/24", "dev", tag);
    Command.must("ip", "link", "set", tag, "up");
    // Where bridged packets pass the machine's filters, some (Docker's) forward nothing by default.
    Command.run(forward("-I", tag));
    for (int i = 1; i <= count; i++) {
      made.add(i);
    }
    return made;
  }

  private static String[] forward(String what, String tag) {
    return new String[] {"iptables", "-w", what, "FORWARD", "-i", tag, "-o", tag, "-j", "ACCEPT"};
  }

  private static int freeNet() throws SocketException {
    List<String> taken =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .map(address -> address.getHostAddress())
            .toList();
    return IntStream.range(FIRST_NET, FIRST_NET + NETS)
        .filter(net -> taken.stream().noneMatch(address -> address.startsWith("10." + net + ".")))
        .findFirst()
        .orElseThrow(() -> new SocketException("no free network among 10.77-176.0.0"));
  }

  private void add(int i) throws IOException, InterruptedException {
    String space = name(i);
    String outer = cable(i);
    Command.must("ip", "netns", "add", space);
    Command.must(
        "ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", space);
    Command.must("ip", "link", "set", outer, "master", tag, "up");
    Command.must("ip", "-n", space, "address", "add", address(i) + "/24", "dev", "eth0");
    Command.must("ip", "-n", space, "link", "set", "eth0", "up");
    Command.must("ip", "-n", space, "link", "set", "lo", "up");
  }

  /// The bridge's end of the cable to node `i`, from 1.
  String cable(int i) {
    return tag + "v" + i;
  }

  /// The namespace of node `i`, from 1.
  String name(int i) {
    return tag + "-n" + i;
  }

  /// Words before a command that is to run in it.
  List<String> inside(int i) {
    return List.of("ip", "netns", "exec", name(i));
  }

  /// Its address; 0: the harness's own.
  String address(int i) {
    return "10." + net + ".0." + (i == 0 ? 254 : i);
  }

  /// Removes a run's namespaces and bridge, whatever of them there is.
  static void remove(String tag) throws IOException, InterruptedException {
    if (!Command.works("ip", "-V")) {
      return;
    }
    for (String line : Command.run("ip", "netns", "list").output().lines().toList()) {
      String space = line.strip().split(" ", -1)[0];
      if (space.startsWith(tag + "-")) {
        for (String pid : Command.run("ip", "netns", "pids", space).output().lines().toList()) {
          if (pid.strip().matches("[0-9]+")) {
            ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
          }
        }
        Command.run("ip", "netns", "del", space);
      }
    }
    while (Command.works(forward("-D", tag))) {
      // Once for each time it was put there.
    }
    Command.run("ip", "link", "del", tag);
  }
}
