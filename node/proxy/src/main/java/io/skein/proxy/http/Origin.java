package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.util.AsciiString;
import io.skein.proxy.log.Passage;
import io.skein.proxy.prelude.Ends;
import io.skein.proxy.route.Target;
import io.skein.routing.predict.Fingerprint.OriginKind;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What a client connection adds to the requests it brings: `Via`, `Forwarded` (RFC 7239) and the
/// `X-Forwarded-*` family. The fields of the latest host are kept ready as bytes. Connections of
/// one client may have it together ([Origins]). Event loop only.
final class Origin {
  /// No request names this host.
  private static final String NO_HOST = "\n";

  private static final byte[] NOTHING = {};
  private static final String VIA = "1.1 skein";

  private final @Nullable InetAddress client;
  private final String address;
  private final String node;
  private final String proto;
  private final String clientHeader;
  private final String subject;
  private final String version;
  private final String tlsVersion;
  private final String serverName;
  private final Plane plane;
  private final String via;
  private String host = NO_HOST;
  private String elementHost = NO_HOST;
  private String element = "";
  private byte[] ready = NOTHING;
  private @Nullable OriginKind kind;

  private Origin(Ends ends, Opening.@Nullable Secured secured, Plane plane, String version) {
    this.via = version.equals("1.1") ? VIA : version + " skein";
    this.version = version.equals("2.0") ? "2" : version;
    this.tlsVersion = secured == null ? "" : secured.version();
    this.serverName = secured == null ? "" : secured.serverName();
    this.client = ends.source().getAddress();
    this.address = ends.client();
    this.node =
        client instanceof Inet6Address && !address.equals("unknown")
            ? "\"[" + address + "]\""
            : address;
    this.proto = secured == null ? "http" : "https";
    this.clientHeader = secured == null ? "" : secured.clientHeader();
    this.subject = secured == null ? "" : secured.subject();
    this.plane = plane;
  }

  /// What the connection adds, once it has opened.
  ///
  /// @param version the version of HTTP that the client speaks, as in `Via`
  static Origin of(Channel channel, Plane plane, String version) {
    return of(Ends.of(channel), Opening.secured(channel), plane, version);
  }

  /// @param ends who speaks to whom
  /// @param secured what the TLS handshake told; null in the clear
  static Origin of(Ends ends, Opening.@Nullable Secured secured, Plane plane, String version) {
    return new Origin(ends, secured, plane, version);
  }

  /// Whether it is that client's.
  boolean isOf(InetAddress other) {
    return other.equals(client);
  }

  /// Whether a field is for us to set: a client could claim to be anybody otherwise.
  boolean owns(CharSequence name) {
    String[] owned = plane.ownFields;
    for (int i = 0; i < owned.length; i++) {
      if (AsciiString.contentEqualsIgnoreCase(owned[i], name)) {
        return true;
      }
    }
    return false;
  }

  String address() {
    return address;
  }

  /// From where the client speaks.
  OriginKind kind() {
    OriginKind known = kind;
    if (known == null) {
      known = OriginKind.of(address);
      kind = known;
    }
    return known;
  }

  /// Whether the client proved who it is in the TLS handshake.
  boolean certified() {
    return !subject.isEmpty();
  }

  /// The version of HTTP that the client speaks: `1.1` or `2`.
  String version() {
    return version;
  }

  /// How a request of this connection came in and went on.
  ///
  /// @param to where its latest try went; null if there was none
  Passage passage(RequestFacts facts, @Nullable Target to) {
    return new Passage(
        facts.http10 ? "1.0" : version,
        tlsVersion,
        serverName,
        to == null ? "" : to.host() + ":" + to.port(),
        TraceParent.traceId(facts.fields));
  }

  /// Adds the fields for a request that brought none of them. They are kept for the next from the
  /// second request to a host on: many connections bring one.
  void addTo(HeadBuffer head, String host) {
    boolean again = host.equals(this.host);
    if (again && ready.length > 0) {
      head.add(ready);
      return;
    }
    int begin = head.length();
    write(head, host);
    ready = again ? head.toBytes(begin) : NOTHING;
    this.host = host;
  }

  private void write(HeadBuffer head, String host) {
    head.field("Via", via);
    head.add("Forwarded: for=").add(node);
    if (!host.isEmpty()) {
      head.add(";host=\"").add(host).add('"');
    }
    head.add(";proto=").add(proto).line();
    head.field("X-Forwarded-For", address);
    head.field("X-Forwarded-Proto", proto);
    if (!host.isEmpty()) {
      head.field("X-Forwarded-Host", host);
    }
    appendSubject(head);
  }

  /// The fields appended to those that a request brought.
  void appendTo(HeadBuffer head, RequestFacts facts) {
    append(head, "Via", given(facts, "via"), via);
    append(head, "Forwarded", given(facts, "forwarded"), element(facts.host));
    append(head, "X-Forwarded-For", given(facts, "x-forwarded-for"), address);
    append(head, "X-Forwarded-Proto", given(facts, "x-forwarded-proto"), proto);
    append(head, "X-Forwarded-Host", given(facts, "x-forwarded-host"), facts.host);
    appendSubject(head);
  }

  private void appendSubject(HeadBuffer head) {
    if (!clientHeader.isEmpty()) {
      append(head, clientHeader, "", subject);
    }
  }

  /// The same for a request that goes on in HTTP/2.
  ///
  /// @param fromPeer whether a peer forwarded it to us: it keeps the fields it has then
  void addTo(Http2Head head, RequestFacts facts, boolean fromPeer) {
    put(head, facts, "via", via);
    if (fromPeer) {
      return;
    }
    if (!facts.host.equals(elementHost)) {
      elementHost = facts.host;
      element = element(elementHost);
    }
    put(head, facts, "forwarded", element);
    put(head, facts, "x-forwarded-for", address);
    put(head, facts, "x-forwarded-proto", proto);
    if (!facts.host.isEmpty()) {
      put(head, facts, "x-forwarded-host", facts.host);
    }
    if (!clientHeader.isEmpty() && !subject.isEmpty()) {
      head.putAnyCase(clientHeader, subject);
    }
  }

  private static void put(Http2Head head, RequestFacts facts, String name, String own) {
    String given = facts.forwarded ? given(facts, name) : "";
    head.put(name, given.isEmpty() ? own : given + ", " + own);
  }

  /// What a peer forwarded keeps the fields it has; only this hop is noted.
  void noteHop(HeadBuffer head, RequestFacts facts) {
    append(head, "Via", given(facts, "via"), via);
  }

  private String element(String host) {
    return "for=" + node + (host.isEmpty() ? "" : ";host=\"" + host + "\"") + ";proto=" + proto;
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
