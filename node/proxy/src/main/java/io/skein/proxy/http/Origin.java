package io.skein.proxy.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// What a client connection adds to the requests it brings: `Via`, `Forwarded` (RFC 7239) and the
/// `X-Forwarded-*` family. The fields of the latest host are kept ready as bytes.
final class Origin {
  private final String address;
  private final String node;
  private final String via;
  private final String scheme;
  private String host = "\n";
  private byte[] ready = {};

  /// Who connected.
  ///
  /// @param address the client's own address, which need not be the connection's
  /// @param scheme `http`, or `https` if it came through TLS
  record Client(SocketAddress address, String scheme) {}

  /// @param version the version of HTTP that the client speaks, as in `Via`
  Origin(Client client, String version) {
    via = version + " skein";
    scheme = client.scheme();
    if (client.address() instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String text = inet.getAddress().getHostAddress();
      int zone = text.indexOf('%');
      address = zone < 0 ? text : text.substring(0, zone);
      node = inet.getAddress() instanceof Inet6Address ? "\"[" + address + "]\"" : address;
    } else {
      address = "unknown";
      node = "unknown";
    }
  }

  String address() {
    return address;
  }

  /// The fields for a request that brought none of them.
  byte[] fields(String host) {
    if (!host.equals(this.host)) {
      HeadBuffer fields = new HeadBuffer();
      fields.field("Via", via);
      append(fields, "Forwarded", "", element(host));
      append(fields, "X-Forwarded-For", "", address);
      append(fields, "X-Forwarded-Proto", "", scheme);
      if (!host.isEmpty()) {
        append(fields, "X-Forwarded-Host", "", host);
      }
      ready = fields.toBytes();
      this.host = host;
    }
    return ready;
  }

  /// The fields appended to those that a request brought.
  void appendTo(HeadBuffer head, RequestFacts facts) {
    append(head, "Via", given(facts, "via"), via);
    append(head, "Forwarded", given(facts, "forwarded"), element(facts.host));
    append(head, "X-Forwarded-For", given(facts, "x-forwarded-for"), address);
    append(head, "X-Forwarded-Proto", given(facts, "x-forwarded-proto"), scheme);
    append(head, "X-Forwarded-Host", given(facts, "x-forwarded-host"), facts.host);
  }

  /// What a peer forwarded keeps the fields it has; only this hop is noted.
  void noteHop(HeadBuffer head, RequestFacts facts) {
    append(head, "Via", given(facts, "via"), via);
  }

  private String element(String host) {
    return "for=" + node + (host.isEmpty() ? "" : ";host=\"" + host + "\"") + ";proto=" + scheme;
  }

  private static String given(RequestFacts facts, String name) {
    return facts.fields.joined(name);
  }

  private static void append(HeadBuffer head, String name, String given, String own) {
    if (own.isEmpty()) {
      return;
    }
    head.field(name, given.isEmpty() ? own : given + ", " + own);
  }
}
