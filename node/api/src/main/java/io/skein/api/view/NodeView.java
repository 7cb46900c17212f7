package io.skein.api.view;

/// A node about itself.
///
/// @param name for people, unique in the mesh
/// @param id its identity in text form
/// @param region where it stands
/// @param zone failure domain within the region; may be empty text
/// @param version of the program
/// @param ready whether it takes traffic
/// @param draining whether it was asked not to
/// @param uptimeSeconds since the process began to serve
/// @param signatures the library that verifies and makes them
/// @param mesh the mesh it belongs to
public record NodeView(
    String name,
    String id,
    String region,
    String zone,
    String version,
    boolean ready,
    boolean draining,
    long uptimeSeconds,
    String signatures,
    Mesh mesh) {
  /// A mesh.
  ///
  /// @param name for people
  /// @param id hash of its genesis record in hexadecimal
  public record Mesh(String name, String id) {}
}
