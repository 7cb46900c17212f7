package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.app.config.ListenerConfig;
import io.skein.app.config.NodeConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses a node is going to listen at. They are tried before anything is written: a node
/// that cannot listen must not have founded or joined a mesh.
final class Ports {
  private static final int DETECTOR_OFFSET = 100;
  private static final int DETECTOR_SPARE = 3;
  private static final int MAX_PORT = 65_535;

  /// One address.
  ///
  /// @param flag the flag that sets it
  /// @param key its key in the configuration
  /// @param address where
  record Wanted(String flag, String key, HostPort address) {}

  /// An address that cannot be had.
  ///
  /// @param reason in a few words, with the address
  record Refused(Wanted wanted, String reason) {}

  private Ports() {}

  /// Tries all of them.
  ///
  /// @throws StartFailed naming each that cannot be had
  static void check(NodeConfig config) throws StartFailed {
    List<Refused> refused = refused(config);
    if (!refused.isEmpty()) {
      List<String> sentences =
          refused.stream()
              .map(each -> {
                String flag = each.wanted().flag();
                String choose = ". Choose another address with " + flag;
                return flag + ": " + each.reason() + choose + " (" + each.wanted().key() + ").";
              })
              .toList();
      throw new StartFailed(StartFailed.USAGE, String.join("\nskein: ", sentences));
    }
  }

  /// Those that cannot be had.
  static List<Refused> refused(NodeConfig config) {
    List<Refused> refused = new ArrayList<>();
    for (Wanted wanted : wanted(config)) {
      refusal(wanted.address())
          .ifPresent(why ->
              refused.add(
                  new Refused(wanted, "cannot listen at " + wanted.address() + ": " + why)));
    }
    Wanted mesh = mesh(config);
    if (!detectorFits(mesh.address())) {
      int first = mesh.address().port() + DETECTOR_OFFSET;
      refused.add(
          new Refused(
              mesh,
              "mesh port "
                  + mesh.address()
                  + " also needs one of the ports "
                  + first
                  + " to "
                  + (first + DETECTOR_SPARE)
                  + ", and none is free"));
    }
    return refused;
  }

  private static List<Wanted> wanted(NodeConfig config) {
    List<Wanted> wanted = new ArrayList<>();
    wanted.add(mesh(config));
    wanted.add(new Wanted("--forward", "mesh.forward", BindAddress.of(config.mesh().forward())));
    wanted.add(new Wanted("--api", "api.bind", config.api().bind()));
    for (int i = 0; i < config.listeners().size(); i++) {
      ListenerConfig listener = config.listeners().get(i);
      wanted.add(new Wanted("--listen", "listeners[" + i + "].bind", listener.bind()));
    }
    return wanted;
  }

  private static Wanted mesh(NodeConfig config) {
    return new Wanted("--mesh", "mesh.bind", BindAddress.of(config.mesh().bind()));
  }

  /// The failure detector listens beside the mesh port, at the first free port of a few.
  private static boolean detectorFits(HostPort mesh) {
    int first = mesh.port() + DETECTOR_OFFSET;
    if (mesh.port() == 0 || first > MAX_PORT) {
      return mesh.port() == 0;
    }
    for (int port = first; port <= Math.min(MAX_PORT, first + DETECTOR_SPARE); port++) {
      if (refusal(mesh.withPort(port)).isEmpty()) {
        return true;
      }
    }
    // If the host itself cannot be bound, that is told for the mesh port.
    return refusal(mesh.withPort(0)).isPresent();
  }

  private static Optional<String> refusal(HostPort address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address.toSocketAddress());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
