package io.skein.app.config;

/// Section `api`: where API and dashboard are.
///
/// @param bind their address
/// @param allowRemote consent to an address that others reach; needed because the API has no tokens
///   yet. Requests are then answered whatever name their Host carries, since names by which others
///   reach a node (of a container, of a service) are not known to it; so a page in the browser of
///   anybody who reaches the address can use it too, by DNS rebinding
public record ApiConfig(HostPort bind, boolean allowRemote) {
  public ApiConfig {
    if (!allowRemote && !bind.isLoopback()) {
      throw new ConfigMistake(
          ConfigCode.REMOTE_API,
          "bind",
          bind
              + " is reachable from other machines and the API has no tokens yet; bind it to"
              + " 127.0.0.1, or add allow-remote: true if the network is trusted");
    }
  }
}
