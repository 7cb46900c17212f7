package io.skein.chaos.driver;

import java.util.Optional;

/// What a mesh is made of.
public sealed interface Driver {
  /// The image of containers unless another one is named: `SKEIN_BASE_IMAGE`, else one that
  /// `chaos-tests/docker/base-image.sh` makes.
  String IMAGE = Containers.IMAGE;

  /// Processes on 127.0.0.1: the network cannot be broken.
  record Loopback() implements Driver {}

  /// Processes, each node's in a network namespace of its own; needs root.
  record NetworkNamespaces() implements Driver {}

  /// Containers, by the docker command.
  ///
  /// @param image with Java 25, sh and, for links, iptables and tc
  record InContainers(String image) implements Driver {}

  /// As the command line calls it.
  default String word() {
    return switch (this) {
      case Loopback() -> "loopback";
      case NetworkNamespaces() -> "namespaces";
      case InContainers(String _) -> "containers";
    };
  }

  /// Why this machine cannot do it; empty if it can.
  default String missing() throws InterruptedException {
    return switch (this) {
      case Loopback() -> "";
      case NetworkNamespaces() -> Namespaces.missing();
      case InContainers(String image) -> Containers.missing(image);
    };
  }

  /// The driver of that name: `namespaces`, `containers`, `loopback`.
  static Optional<Driver> of(String name, String image) {
    return switch (name) {
      case "loopback" -> Optional.of(new Loopback());
      case "namespaces" -> Optional.of(new NetworkNamespaces());
      case "containers" -> Optional.of(new InContainers(image));
      default -> Optional.empty();
    };
  }
}
