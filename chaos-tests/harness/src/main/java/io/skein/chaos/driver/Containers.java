package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Containers of one run, by the docker command line. Of each node there is one that holds its
/// network: address, published ports and packet filters outlast the node's own container, which is
/// made anew at every start and is in that network, as is its endpoint's.
final class Containers {
  /// The image that is used unless another one is named.
  static final String IMAGE = System.getenv().getOrDefault("SKEIN_BASE_IMAGE", "skein-base:local");

  private static final String LABEL = "skein-chaos=";
  private static final int API = 9700;
  private static final int WEB = 8080;

  private final String tag;
  private final String image;
  private final Map<String, String> addresses = new TreeMap<>();

  private Containers(String tag, String image) {
    this.tag = tag;
    this.image = image;
  }

  /// Why this machine has none; empty if it has.
  static String missing(String image) throws InterruptedException {
    if (!Command.works("docker", "info", "--format", "{{.ServerVersion}}")) {
      return "no Docker engine answers";
    }
    return Command.works("docker", "image", "inspect", image)
        ? ""
        : "no image "
            + image
            + "; --image names another one, with Java 25, sh and, for links, iptables and tc";
  }

  /// Makes the network and `count` containers that hold nodes' addresses, `n1` and on.
  static Containers make(String tag, String image, int count)
      throws IOException, InterruptedException {
    Containers made = new Containers(tag, image);
    Command.must("docker", "network", "create", "--label", LABEL + tag, tag);
    for (int i = 1; i <= count; i++) {
      made.hold("n" + i);
    }
    return made;
  }

  private void hold(String node) throws IOException, InterruptedException {
    Command.must(
        "docker",
        "run",
        "-d",
        "--init",
        "--label",
        LABEL + tag,
        "--name",
        holder(node),
        "--hostname",
        node,
        "--network",
        tag,
        "--cap-add",
        "NET_ADMIN",
        "--user",
        "0",
        "--entrypoint",
        "",
        "-p",
        "127.0.0.1::" + API,
        "-p",
        "127.0.0.1::" + WEB,
        image,
        "sleep",
        "infinity");
    addresses.put(
        node,
        Command.must(
            "docker",
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            holder(node)));
  }

  /// The container that holds a node's network.
  String holder(String node) {
    return tag + "-" + node;
  }

  /// Its address among the nodes.
  String address(String node) {
    return addresses.getOrDefault(node, "");
  }

  /// Where this machine reaches the ports of a node.
  Target target(String node) throws IOException, InterruptedException {
    return new Target(node, published(node, API), published(node, WEB));
  }

  private HostPort published(String node, int port) throws IOException, InterruptedException {
    String line =
        Command.must("docker", "port", holder(node), port + "/tcp").lines().findFirst().orElse("");
    return HostPort.parse(line.strip());
  }

  /// Words before a command that is to run, as root, in a node's network.
  List<String> inside(String node) {
    return List.of("docker", "exec", "-i", holder(node));
  }

  /// Words before `up` or `down` that plug a node in or out.
  List<String> cable(String node) {
    List<String> words = new ArrayList<>(inside(node));
    words.addAll(List.of("ip", "link", "set", "eth0"));
    return words;
  }

  /// Words that start a container in a node's network, up to the image: it belongs to the run and
  /// is gone when it ends.
  List<String> run(String node, String name, String user) {
    return new ArrayList<>(
        List.of(
            "docker",
            "run",
            "--rm",
            "--init",
            "--label",
            LABEL + tag,
            "--name",
            name,
            "--user",
            user,
            "--entrypoint",
            "",
            "--network",
            "container:" + holder(node)));
  }

  String image() {
    return image;
  }

  /// Marks a run's folder as one that has containers.
  static Path mark(Path folder) {
    return folder.resolve("containers");
  }

  /// Removes a run's containers and network, whatever of them there is.
  static void remove(String tag) throws IOException, InterruptedException {
    String filter = "label=" + LABEL + tag;
    List<String> ids =
        Command.run("docker", "ps", "-aq", "--filter", filter).output().lines().toList();
    if (!ids.isEmpty()) {
      Command.run(words(List.of("docker", "unpause"), ids));
      Command.run(words(List.of("docker", "rm", "-fv"), ids));
    }
    Command.run("docker", "network", "rm", tag);
  }

  private static String[] words(List<String> first, List<String> rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(rest);
    return all.toArray(String[]::new);
  }
}
