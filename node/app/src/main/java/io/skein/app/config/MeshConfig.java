package io.skein.app.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Section `mesh`: how this node meets its peers.
///
/// @param bind address of the mesh port. The default is loopback, so that a node started without a
///   thought is not reachable by others
/// @param advertise address by which peers reach `bind`, if another (NAT, containers, a wildcard)
/// @param seeds addresses of peers to meet first; empty: this node founds a mesh, or meets again
///   the peers its data directory remembers
/// @param token join token, if given by text
/// @param tokenFile file that holds the join token, if given by file; never together with `token`
/// @param inviteFile file that gets a fresh join token at start, if it does not exist; for
///   deployments where the nodes share a volume
/// @param forward address of the listener for requests that peers forward; default: host of `bind`,
///   next port
/// @param name the mesh's name; only the founder's counts
/// @param window length of a performance window; only the founder's counts. Shorter reacts sooner
///   and writes more records
/// @param directory whether this node keeps a copy of the replicated directory
/// @param timers failure detection
public record MeshConfig(
    HostPort bind,
    Optional<HostPort> advertise,
    List<HostPort> seeds,
    Optional<Secret> token,
    Optional<Path> tokenFile,
    Optional<Path> inviteFile,
    HostPort forward,
    String name,
    Duration window,
    boolean directory,
    MeshTimers timers) {
  static final Duration LEAST_WINDOW = Duration.ofMillis(100);
  static final Duration MOST_WINDOW = Duration.ofHours(1);
  static final int MAX_SEEDS = 64;
  private static final int MAX_TOKEN_BYTES = 4_096;

  public MeshConfig {
    seeds = List.copyOf(seeds);
    Limits.name(name);
    Limits.duration(window, LEAST_WINDOW, MOST_WINDOW);
    advertise.ifPresent(MeshConfig::reachable);
    seeds.forEach(MeshConfig::seed);
    Limits.integer(seeds.size(), 0, MAX_SEEDS);
    if (token.isPresent() && tokenFile.isPresent()) {
      throw new ConfigMistake(
          ConfigCode.EXCLUSIVE_KEYS, "token-file", "token is given too; expected one of the two");
    }
  }

  /// The join token, read from its file if need be.
  ///
  /// @throws IOException if the file cannot be read, is empty or longer than 4 KiB
  public Optional<Secret> readToken() throws IOException {
    if (tokenFile.isEmpty()) {
      return token;
    }
    Path file = tokenFile.get();
    if (Files.size(file) > MAX_TOKEN_BYTES) {
      throw new IOException(file + ": too long for a join token (expected: at most 4 KiB)");
    }
    String text = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new IOException(file + ": empty (expected: a join token, as 'skein invite' prints it)");
    }
    return Optional.of(new Secret(text));
  }

  /// The default of `forward`: the host of `bind` and its next port, or any port if there is none.
  static HostPort forwardBeside(HostPort bind) {
    boolean any = bind.port() == 0 || bind.port() == 65_535;
    return bind.withPort(any ? 0 : bind.port() + 1);
  }

  static HostPort reachable(HostPort address) {
    if (address.isWildcard()) {
      throw new ConfigMistake(
          ConfigCode.BAD_ADDRESS,
          "'"
              + address
              + "' is no address peers can connect to; expected the name or address of"
              + " this machine");
    }
    return address;
  }

  static HostPort seed(HostPort address) {
    if (address.port() == 0) {
      throw new ConfigMistake(
          ConfigCode.BAD_ADDRESS, "'" + address + "' has port 0; expected the mesh port of a peer");
    }
    return reachable(address);
  }
}
