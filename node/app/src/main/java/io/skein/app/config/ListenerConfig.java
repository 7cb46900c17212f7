package io.skein.app.config;

import io.skein.proxy.prelude.AddressRange;
import io.skein.proxy.tcp.TcpListener;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One of `listeners`: an address where clients' requests and connections arrive.
///
/// @param name its name in metrics and logs
/// @param bind its address
/// @param protocol what is spoken there
/// @param service whose connections they are; empty but for `tcp`
/// @param tls how TLS ends there, if it does
/// @param proxyProtocol whether connections begin with a PROXY header
/// @param proxySources where those may come from; empty: anywhere
/// @param idle how long a relayed connection may be silent
/// @param receiptHeader whether answers name their receipt in `Skein-Receipt`
/// @param debugHeader whether answers say in `Skein-Debug` how their endpoint was chosen, to
///   requests that have that field
public record ListenerConfig(
    String name,
    HostPort bind,
    Protocol protocol,
    String service,
    Optional<ListenerTlsConfig> tls,
    ProxyProtocol proxyProtocol,
    List<AddressRange> proxySources,
    Duration idle,
    boolean receiptHeader,
    boolean debugHeader) {
  static final int MAX = 64;
  static final int MAX_SOURCES = 64;
  static final Duration LEAST_IDLE = Duration.ofMillis(100);
  static final Duration MOST_IDLE = Duration.ofHours(24);

  /// What is spoken at a listener.
  public enum Protocol {
    /// HTTP.
    HTTP,
    /// Whatever the service speaks.
    TCP,
    /// TLS that ends at the endpoint, routed by the name it asks for.
    TLS_PASSTHROUGH;

    /// The name in configuration: `tls-passthrough`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Whether connections begin with a PROXY header.
  public enum ProxyProtocol {
    /// None does.
    NONE,
    /// Each does.
    ACCEPT;

    /// The name in configuration: `accept`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ListenerConfig {
    proxySources = List.copyOf(proxySources);
    Limits.catalogueName(name);
    Limits.duration(idle, LEAST_IDLE, MOST_IDLE);
    if (protocol == Protocol.TCP && service.isEmpty()) {
      throw contradiction("protocol", "tcp needs a service: every connection is for that one");
    }
    if (protocol != Protocol.TCP && !service.isEmpty()) {
      throw contradiction("service", "only a tcp listener is for one service");
    }
    if (protocol == Protocol.TLS_PASSTHROUGH && tls.isPresent()) {
      throw contradiction("tls", "with tls-passthrough TLS ends at the endpoint, not here");
    }
    if (proxyProtocol == ProxyProtocol.NONE && !proxySources.isEmpty()) {
      throw contradiction("proxy-sources", "without proxy-protocol: accept there is no header");
    }
    if (protocol != Protocol.HTTP && receiptHeader) {
      throw contradiction("receipt-header", "only HTTP answers have headers");
    }
    if (protocol != Protocol.HTTP && debugHeader) {
      throw contradiction("debug-header", "only HTTP answers have headers");
    }
  }

  /// A plain HTTP listener.
  public ListenerConfig(String name, HostPort bind, boolean receiptHeader) {
    this(
        name,
        bind,
        Protocol.HTTP,
        "",
        Optional.empty(),
        ProxyProtocol.NONE,
        List.of(),
        TcpListener.DEFAULT_IDLE,
        receiptHeader,
        false);
  }

  /// The scheme of what clients speak there: `http`, `https`, `tcp` or `tls`.
  public String scheme() {
    return switch (protocol) {
      case HTTP -> tls.isPresent() ? "https" : "http";
      case TCP -> tls.isPresent() ? "tls" : "tcp";
      case TLS_PASSTHROUGH -> "tls";
    };
  }

  private static ConfigMistake contradiction(String key, String why) {
    return new ConfigMistake(ConfigCode.CONTRADICTION, key, why);
  }
}
