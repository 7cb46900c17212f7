package io.skein.proxy.log;

/// How a request came in and went on. Every text may be empty: nothing known.
///
/// @param version of HTTP that the client spoke, such as `1.1` or `2`
/// @param tlsVersion such as `TLSv1.3`; empty in the clear
/// @param serverName the name that the client asked for in its handshake (SNI)
/// @param upstream `host:port` of the endpoint or peer of the latest try
/// @param traceId trace that the client's request belongs to (W3C Trace Context), 32 digits
public record Passage(
    String version, String tlsVersion, String serverName, String upstream, String traceId) {
  /// Nothing known.
  public static final Passage UNKNOWN = new Passage("", "", "", "", "");
}
