package io.skein.app.config;

/// One of `listeners`: an address where clients' requests arrive.
///
/// @param name its name in metrics and logs
/// @param bind its address
public record ListenerConfig(String name, HostPort bind) {
  static final int MAX = 64;

  public ListenerConfig {
    Limits.catalogueName(name);
  }
}
