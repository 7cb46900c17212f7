package io.skein.app.config;

import io.skein.cli.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The flags of `skein up`. Parsing never fails: what is wrong becomes a problem that
/// [ConfigLoader#load] reports together with all others.
public final class CommandLineOverrides {
  /// No flag at all.
  public static final CommandLineOverrides NONE = parse(List.of());

  private static final Set<String> REPEATABLE = Set.of("--seed", "--listen");
  private static final Set<String> SWITCHES = Set.of("--api-allow-remote");
  private static final String CONFIG = "--config";
  private static final String READY_FILE = "--ready-file";
  private static final String HELP = "--help";

  /// One key's value on the command line.
  ///
  /// @param flag the flag as written, without its value
  /// @param values its values, at least one
  record Given(String flag, List<String> values) {}

  private final Map<String, Given> byKey = new LinkedHashMap<>();
  private final Map<String, String> others = new LinkedHashMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private CommandLineOverrides() {}

  /// The flags and the keys they set, in the order of the help text.
  static Map<String, String> keysByFlag() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("--name", "node.name");
    keys.put("--region", "node.region");
    keys.put("--zone", "node.zone");
    keys.put("--data", "node.data");
    keys.put("--identity-passphrase-file", "node.identity-passphrase-file");
    keys.put("--mesh", "mesh.bind");
    keys.put("--advertise", "mesh.advertise");
    keys.put("--seed", "mesh.seeds");
    keys.put("--token", "mesh.token");
    keys.put("--token-file", "mesh.token-file");
    keys.put("--invite-file", "mesh.invite-file");
    keys.put("--forward", "mesh.forward");
    keys.put("--mesh-name", "mesh.name");
    keys.put("--window", "mesh.window");
    keys.put("--api", "api.bind");
    keys.put("--api-allow-remote", "api.allow-remote");
    keys.put("--listen", "listeners");
    return keys;
  }

  /// The text of `skein up --help`: examples first.
  public static String helpText() {
    return """
    Starts a node. Every flag has a default; what is not given comes from SKEIN_… variables,
    then from the configuration file, then from the default.

    Examples:
      skein up                                        # founds a mesh, prints how to join it
      skein up --name us-1 --region us --seed eu-1.example.org:7800 --token-file token
      skein up --mesh 0.0.0.0:7800 --advertise eu-1.example.org:7800 --listen web=0.0.0.0:8080
      skein up --config skein.yaml --ready-file ready.json

    Usage: skein up [FLAGS]

    The node:
      --name NAME             name for people (default: the host's name)
      --region REGION         where it stands (default: local)
      --zone ZONE             failure domain within the region
      --data DIR              key, ledger, known addresses (default: ~/.local/share/skein/NAME)
      --identity-passphrase-file FILE   its first line encrypts the key (see: skein key)

    The mesh:
      --mesh HOST:PORT        mesh port (default: 127.0.0.1:7800); one of the ports
                              100 to 103 above it is used too
      --advertise HOST:PORT   address by which peers reach it, if another
      --seed HOST:PORT        a peer to meet first; repeatable; none: found a mesh
      --token TOKEN           join token, as 'skein invite' prints it
      --token-file FILE       file that holds it
      --invite-file FILE      gets a join token (8 uses, 24h) at start, if it does not exist
      --forward HOST:PORT     listener for requests that peers forward (default: next port)
      --mesh-name NAME        name of the mesh, if this node founds it (default: skein)
      --window TIME           performance window, if this node founds it (default: 10s)

    API and traffic:
      --api HOST:PORT         API and dashboard (default: 127.0.0.1:9700)
      --api-allow-remote      let --api be an address that other machines reach: whoever
                              reaches it controls the node
      --listen [NAME=]HOST:PORT   listener for clients' requests; repeatable

    Files:
      --config FILE           configuration file (SKEIN_CONFIG)
      --ready-file FILE       gets every bound address as JSON once the node is ready

    Exit: 0 stopped by SIGTERM or Ctrl-C; 2 usage, configuration, data directory or a port taken;
          3 no seed answers; 4 the mesh refused the node.
    """;
  }

  /// Parses the words after `skein up`: `--flag value` or `--flag=value`.
  public static CommandLineOverrides parse(List<String> words) {
    CommandLineOverrides out = new CommandLineOverrides();
    Map<String, String> keys = keysByFlag();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String flag = equals < 0 ? word : word.substring(0, equals);
      String key = keys.getOrDefault(flag, "");
      if (flag.equals(HELP) || flag.equals("-h")) {
        out.others.put(HELP, "");
      } else if (key.isEmpty() && !flag.equals(CONFIG) && !flag.equals(READY_FILE)) {
        Set<String> known = new TreeSet<>(keys.keySet());
        Collections.addAll(known, CONFIG, READY_FILE, HELP);
        String what = flag.startsWith("-") ? "unknown flag" : "unexpected word";
        out.problem(
            ConfigCode.UNKNOWN_FLAG,
            key,
            flag,
            what + " '" + flag + "' in skein up" + Spelling.hint(flag, known));
      } else if (equals >= 0) {
        out.add(key, flag, word.substring(equals + 1));
      } else if (SWITCHES.contains(flag)) {
        out.add(key, flag, "true");
      } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
        out.add(key, flag, words.get(++i));
      } else {
        out.problem(ConfigCode.BAD_FLAG, key, flag, flag + " needs a value");
      }
    }
    return out;
  }

  private void add(String key, String flag, String value) {
    if (key.isEmpty()) {
      if (others.put(flag, value) != null) {
        problem(ConfigCode.BAD_FLAG, key, flag, flag + " is given twice");
      }
      return;
    }
    Given before = byKey.get(key);
    if (before == null) {
      byKey.put(key, new Given(flag, List.of(value)));
    } else if (REPEATABLE.contains(flag)) {
      List<String> values = new ArrayList<>(before.values());
      values.add(value);
      byKey.put(key, new Given(flag, List.copyOf(values)));
    } else {
      problem(ConfigCode.BAD_FLAG, key, flag, flag + " is given twice");
    }
  }

  private void problem(ConfigCode code, String key, String flag, String message) {
    problems.add(new ConfigProblem(code, key, new Place.OnCommandLine(flag), message));
  }

  /// True if `--help` or `-h` is among the flags.
  public boolean helpWanted() {
    return others.containsKey(HELP);
  }

  /// The configuration file: `--config`, else `SKEIN_CONFIG`.
  ///
  /// @param environment the process's environment
  public Optional<Path> configFile(Map<String, String> environment) {
    return path(CONFIG, "SKEIN_CONFIG", environment);
  }

  /// The file that gets the bound addresses: `--ready-file`, else `SKEIN_READY_FILE`.
  ///
  /// @param environment the process's environment
  public Optional<Path> readyFile(Map<String, String> environment) {
    return path(READY_FILE, "SKEIN_READY_FILE", environment);
  }

  private Optional<Path> path(String flag, String variable, Map<String, String> environment) {
    String text = others.getOrDefault(flag, environment.getOrDefault(variable, ""));
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      problem(ConfigCode.BAD_PATH, "", flag, "'" + text + "' is not a path");
      return Optional.empty();
    }
  }

  Optional<Given> given(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  List<ConfigProblem> problems() {
    return List.copyOf(problems);
  }
}
