package io.skein.chaos.recovery;

import io.skein.chaos.driver.Endpoint;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.Links;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.ProcessMesh;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The mesh, what stands beside it, and how one of its machines is broken and mended.
final class Scene {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final int API_MILLIS = 5_000;
  private static final int FILL_BYTES = 1 << 16;
  private static final String FILLER = "filler";

  private final ProcessMesh mesh;
  private final List<StaticPair> pairs;

  Scene(ProcessMesh mesh, List<StaticPair> pairs) {
    this.mesh = mesh;
    this.pairs = List.copyOf(pairs);
  }

  /// Nodes that cannot answer their peers while that is broken.
  List<NodeHandle> lost(Breakage what, NodeHandle victim) {
    return switch (what) {
      case NODE_KILLED, NODE_FROZEN -> List.of(victim);
      case REGION_KILLED, REGION_UNPLUGGED -> region(victim);
      default -> List.of();
    };
  }

  /// Whether all that stands beside the mesh holds all endpoints for fit.
  boolean pairsUp() {
    return pairs.stream().allMatch(StaticPair::allUp);
  }

  private List<NodeHandle> region(NodeHandle victim) {
    return mesh.nodes().stream()
        .filter(node -> mesh.region(node).equals(mesh.region(victim)))
        .toList();
  }

  void begin(Breakage what, NodeHandle victim) throws IOException, InterruptedException {
    switch (what) {
      case ENDPOINT_KILLED -> victim.endpoint(false);
      case ENDPOINT_FROZEN -> victim.pauseEndpoint(true);
      case ENDPOINT_ERRING -> mood(victim, "500/0");
      case ENDPOINT_SLOW -> mood(victim, "200/1500");
      case NODE_KILLED -> {
        victim.kill();
        for (StaticPair pair : pairs) {
          pair.kill(victim);
        }
      }
      case NODE_FROZEN -> pause(victim, true);
      case REGION_KILLED -> {
        for (NodeHandle node : region(victim)) {
          node.kill();
          node.endpoint(false);
          for (StaticPair pair : pairs) {
            pair.kill(node);
          }
        }
      }
      case REGION_UNPLUGGED ->
          links().unplug(region(victim).stream().map(NodeHandle::name).toList());
      case HALVES -> links().cut(between(region(victim)));
      case DISK_FULL -> fill(victim.disk().resolve(FILLER));
    }
  }

  /// Whether the fault is there, by the kernel's word or the endpoint's.
  boolean holds(Breakage what, NodeHandle victim) throws IOException, InterruptedException {
    return switch (what) {
      case ENDPOINT_KILLED -> !victim.endpointRunning();
      case ENDPOINT_FROZEN -> victim.endpointPaused();
      case ENDPOINT_ERRING -> asked(victim).status() == 500;
      case ENDPOINT_SLOW -> asked(victim).status() == 200;
      case NODE_KILLED -> !victim.running();
      case NODE_FROZEN -> victim.paused();
      case REGION_KILLED -> region(victim).stream().noneMatch(NodeHandle::running);
      case REGION_UNPLUGGED -> Http.get(victim.target().api(), "/readyz", 500).status() == 0;
      case HALVES -> links().touched() > 0;
      case DISK_FULL -> Files.getFileStore(victim.disk()).getUsableSpace() < FILL_BYTES;
    };
  }

  void end(Breakage what, NodeHandle victim) throws IOException, InterruptedException {
    switch (what) {
      case ENDPOINT_KILLED -> victim.endpoint(true);
      case ENDPOINT_FROZEN -> victim.pauseEndpoint(false);
      case ENDPOINT_ERRING, ENDPOINT_SLOW -> mood(victim, "200/0");
      case NODE_KILLED -> restart(List.of(victim));
      case NODE_FROZEN -> pause(victim, false);
      case REGION_KILLED -> restart(region(victim));
      case REGION_UNPLUGGED -> links().unplug(List.of());
      case HALVES -> links().heal();
      case DISK_FULL -> Files.delete(victim.disk().resolve(FILLER));
    }
  }

  private void pause(NodeHandle victim, boolean paused) throws IOException, InterruptedException {
    victim.pause(paused);
    for (StaticPair pair : pairs) {
      pair.pause(victim, paused);
    }
  }

  private void restart(List<NodeHandle> nodes) throws IOException, InterruptedException {
    for (NodeHandle node : nodes) {
      node.endpoint(true);
      node.start();
      for (StaticPair pair : pairs) {
        pair.start(node);
      }
    }
    for (NodeHandle node : nodes) {
      node.awaitReady(READY);
    }
  }

  private Links links() {
    return mesh.links().orElseThrow();
  }

  /// Both directions between those nodes and all others.
  private List<Links.OneWay> between(List<NodeHandle> half) {
    List<Links.OneWay> cut = new ArrayList<>();
    for (NodeHandle one : half) {
      for (NodeHandle other : mesh.nodes()) {
        if (!half.contains(other)) {
          cut.add(new Links.OneWay(one.name(), other.name()));
          cut.add(new Links.OneWay(other.name(), one.name()));
        }
      }
    }
    return cut;
  }

  private static void mood(NodeHandle victim, String mood) throws IOException {
    HostPort at = victim.endpointAt();
    if (!Http.send(at, "POST", Endpoint.MOOD + mood, "", API_MILLIS).good()) {
      throw new IOException("the endpoint of " + victim.name() + " does not listen");
    }
  }

  private static Http.Outcome asked(NodeHandle victim) {
    return Http.get(victim.endpointAt(), Endpoint.PATH + "proof", API_MILLIS);
  }

  /// Writes until nothing more fits.
  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] some = new byte[FILL_BYTES]; ; ) {
        out.write(some);
      }
    } catch (IOException _) {
      // Full, which is what was wanted; `holds` looks.
    }
  }
}
