package io.skein.proxy.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// What a client connection adds to the requests it brings: `Via`, `Forwarded` (RFC 7239) and the
/// `X-Forwarded-*` family. The fields of the latest host are kept ready as bytes.
final class Origin {
  private static final String VIA = "1.1 skein";

  private final String address;
  private final String node;
  private String host = "\n";
  private byte[] ready = {};

  Origin(SocketAddress remote) {
    if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
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
      fields.field("Via", VIA);
      append(fields, "Forwarded", "", element(host));
      append(fields, "X-Forwarded-For", "", address);
      append(fields, "X-Forwarded-Proto", "", "http");
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
    append(head, "Via", given(facts, "via"), VIA);
    append(head, "Forwarded", given(facts, "forwarded"), element(facts.host));
    append(head, "X-Forwarded-For", given(facts, "x-forwarded-for"), address);
    append(head, "X-Forwarded-Proto", given(facts, "x-forwarded-proto"), "http");
    append(head, "X-Forwarded-Host", given(facts, "x-forwarded-host"), facts.host);
  }

  /// What a peer forwarded keeps the fields it has; only this hop is noted.
  static void noteHop(HeadBuffer head, RequestFacts facts) {
    append(head, "Via", given(facts, "via"), VIA);
  }

  private String element(String host) {
    return "for=" + node + (host.isEmpty() ? "" : ";host=\"" + host + "\"") + ";proto=http";
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
