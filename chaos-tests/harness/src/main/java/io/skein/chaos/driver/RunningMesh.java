package io.skein.chaos.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A mesh that runs already, known by its APIs only. What clients wrote into its catalogue is taken
/// out again at the end, as far as it answers.
public final class RunningMesh implements Cluster {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final String OUT_OF_REACH = "their machines are out of reach";
  private static final String MARK = "chaos-";

  private final List<Target> targets;

  private RunningMesh(List<Target> targets) {
    this.targets = List.copyOf(targets);
  }

  /// Asks each for its name.
  ///
  /// @throws IOException if one does not answer, or two are the same
  public static RunningMesh at(List<HostPort> apis) throws IOException {
    List<Target> targets = new ArrayList<>();
    for (HostPort api : apis) {
      String name =
          Http.get(api, "/v1/node", TIMEOUT_MILLIS)
              .json()
              .text("name")
              .orElseThrow(() -> new IOException("no node answers at " + api));
      if (targets.stream().anyMatch(target -> target.name().equals(name))) {
        throw new IOException("two addresses of one node, or two nodes called " + name);
      }
      targets.add(new Target(name, api, api));
    }
    return new RunningMesh(targets);
  }

  @Override
  public String description() {
    return targets.size() + " nodes that run already";
  }

  @Override
  public String driver() {
    return "";
  }

  @Override
  public List<Target> targets() {
    return targets;
  }

  @Override
  public List<NodeHandle> nodes() {
    return List.of();
  }

  @Override
  public Optional<Links> links() {
    return Optional.empty();
  }

  @Override
  public boolean canStarve() {
    return false;
  }

  @Override
  public boolean canUpgrade() {
    return false;
  }

  @Override
  public boolean canMount() {
    return false;
  }

  @Override
  public String noMemoryLimits() {
    return OUT_OF_REACH;
  }

  @Override
  public String noClocks() {
    return OUT_OF_REACH;
  }

  @Override
  public void close() {
    HostPort api = targets.getFirst().api();
    Http.get(api, "/v1/services", TIMEOUT_MILLIS).json().member("services").items().stream()
        .flatMap(service -> service.text("name").stream())
        .filter(name -> name.startsWith(MARK))
        .forEach(name -> Http.send(api, "DELETE", "/v1/services/" + name, "", TIMEOUT_MILLIS));
  }
}
