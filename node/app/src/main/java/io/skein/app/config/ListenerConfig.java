package io.skein.app.config;

/// One of `listeners`: an address where clients' requests arrive.
///
/// @param name its name in metrics and logs
/// @param bind its address
/// @param receiptHeader whether answers name their receipt in `Skein-Receipt`
public record ListenerConfig(String name, HostPort bind, boolean receiptHeader) {
  static final int MAX = 64;

  public ListenerConfig {
    Limits.catalogueName(name);
  }
}
