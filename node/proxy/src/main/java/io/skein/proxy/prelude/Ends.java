package io.skein.proxy.prelude;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Who speaks to whom, as the first load balancer on the way saw it.
///
/// @param source the client
/// @param destination what it connected to
public record Ends(InetSocketAddress source, InetSocketAddress destination) {
  private static final AttributeKey<Ends> TOLD = AttributeKey.valueOf("skein.ends");
  private static final AttributeKey<String> SERVICE = AttributeKey.valueOf("skein.service");
  private static final InetSocketAddress NOWHERE = new InetSocketAddress(0);

  /// What a PROXY header told of the connection, or else the connection's own addresses.
  public static Ends of(Channel channel) {
    // Asking for an attribute makes it.
    Ends told = channel.hasAttr(TOLD) ? channel.attr(TOLD).get() : null;
    return told != null
        ? told
        : new Ends(inet(channel.remoteAddress()), inet(channel.localAddress()));
  }

  /// The service that a peer named in the connection's PROXY header; empty without one.
  public static String service(Channel channel) {
    String named = channel.attr(SERVICE).get();
    return named == null ? "" : named;
  }

  static void name(Channel channel, String service) {
    channel.attr(SERVICE).set(service);
  }

  static void tell(Channel channel, Ends told) {
    channel.attr(TOLD).set(told);
  }

  /// The client's address without port and zone, as in access logs; `unknown` without one.
  public String client() {
    if (source.getAddress() == null || source.getAddress().isAnyLocalAddress()) {
      return "unknown";
    }
    String text = source.getAddress().getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static InetSocketAddress inet(java.net.@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : NOWHERE;
  }
}
