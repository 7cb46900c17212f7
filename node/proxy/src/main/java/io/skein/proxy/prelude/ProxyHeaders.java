package io.skein.proxy.prelude;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/// Which connections of a listener begin with a PROXY header. All do: one without it, or from
/// elsewhere, is reset, since anybody could claim to be anybody otherwise.
///
/// @param trusted where the load balancers stand that send it; empty: anywhere
/// @param timeout how long the header may take
public record ProxyHeaders(List<AddressRange> trusted, Duration timeout) {
  /// 5 s: a load balancer sends the header with its first packet.
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  public ProxyHeaders {
    trusted = List.copyOf(trusted);
  }

  public ProxyHeaders(List<AddressRange> trusted) {
    this(trusted, DEFAULT_TIMEOUT);
  }

  boolean trusts(SocketAddress remote) {
    return trusted.isEmpty()
        || (remote instanceof InetSocketAddress inet
            && inet.getAddress() != null
            && trusted.stream().anyMatch(range -> range.contains(inet.getAddress())));
  }
}
