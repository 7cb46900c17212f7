package io.skein.app.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Makes a configuration of a file, the environment and the flags. A flag wins over the
/// environment, that over the file, that over the default; a list is replaced as a whole.
public final class ConfigLoader {
  private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private ConfigLoader() {}

  /// Loads and checks; never throws for what the sources say. Reads `file`, what it refers to by
  /// `${file:…}`, and the host's name; opens nothing else.
  ///
  /// @param file the configuration file, if any
  /// @param environment the process's environment
  /// @param flags the flags of `skein up`
  public static ConfigOutcome load(
      Optional<Path> file, Map<String, String> environment, CommandLineOverrides flags) {
    List<ConfigProblem> unread = new ArrayList<>();
    Optional<YamlFile.Read> read = file.flatMap(path -> YamlFile.read(path, unread::add));
    Binding binding = new Binding(read.map(YamlFile.Read::file), environment, flags, false);
    flags.problems().forEach(binding::problem);
    unread.forEach(binding::problem);
    Optional<MappingNode> root = read.flatMap(YamlFile.Read::root);
    NodeBinder binder = new NodeBinder(binding, defaults(environment));
    NodeConfig config = Section.root(binding, root, binder::bind);
    List<ConfigProblem> problems = binding.problems();
    return problems.isEmpty()
        ? new ConfigOutcome.Loaded(config, binding.provenance())
        : new ConfigOutcome.Invalid(problems);
  }

  /// Every key there is, in the order of the binder.
  static List<Binding.KnownKey> knownKeys() {
    Binding binding = new Binding(Optional.empty(), Map.of(), CommandLineOverrides.NONE, true);
    NodeBinder binder =
        new NodeBinder(binding, new NodeBinder.Defaults("HOSTNAME", Path.of("DATA-HOME")));
    Section.root(binding, Optional.empty(), binder::bind);
    return binding.knownKeys();
  }

  static NodeBinder.Defaults defaults(Map<String, String> environment) {
    return new NodeBinder.Defaults(hostName(environment), dataHome(environment));
  }

  /// `$XDG_DATA_HOME/skein`, else `~/.local/share/skein`; without a home `skein-data` where the
  /// node was started. Each node has its own directory in it, so that two on one machine do not
  /// collide.
  private static Path dataHome(Map<String, String> environment) {
    String shared = environment.getOrDefault("XDG_DATA_HOME", "");
    if (!shared.isEmpty()) {
      return Path.of(shared, "skein");
    }
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty() ? Path.of("skein-data") : Path.of(home, ".local", "share", "skein");
  }

  /// The first label of the host's name, with what a node's name may not have replaced.
  private static String hostName(Map<String, String> environment) {
    String full = environment.getOrDefault("HOSTNAME", "");
    if (full.isEmpty()) {
      full = kernelHostName();
    }
    String first = full.strip().split("\\.", 2)[0].replaceAll("[^A-Za-z0-9_-]", "-");
    String name = first.replaceAll("^[^A-Za-z0-9]+", "");
    if (name.isEmpty()) {
      return "node";
    }
    return name.length() > 63 ? name.substring(0, 63) : name;
  }

  private static String kernelHostName() {
    try {
      if (Files.isReadable(KERNEL_HOST_NAME)) {
        return Files.readString(KERNEL_HOST_NAME, StandardCharsets.UTF_8);
      }
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "";
    } catch (IOException _) {
      return "";
    }
  }
}
