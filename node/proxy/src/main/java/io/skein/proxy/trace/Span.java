package io.skein.proxy.trace;

import java.util.Optional;

/// What the proxy did in one request of a trace: the request as a whole (`tried` is empty), or one
/// try at an endpoint or a peer. Immutable: any thread.
///
/// @param traceHigh upper half of the trace's id
/// @param traceLow lower half of the trace's id
/// @param id of the span; not 0
/// @param parent id of the span that it is part of; 0: the trace begins here
/// @param beginNanos by `System.nanoTime`
/// @param endNanos by `System.nanoTime`
/// @param asked what was asked for
/// @param status of the answer; 0 if there was none
/// @param error what went wrong; empty: nothing
/// @param service whose request it is; empty: nobody's
/// @param reason how it ended, as in metrics; empty for a try
/// @param tried where, for a try
public record Span(
    long traceHigh,
    long traceLow,
    long id,
    long parent,
    long beginNanos,
    long endNanos,
    Asked asked,
    int status,
    String error,
    String service,
    String reason,
    Optional<Tried> tried) {
  /// A request. Its query is not here, because queries hold secrets.
  ///
  /// @param method of the request
  /// @param scheme `http` or `https`
  /// @param host as the client named it, with its port if it named one
  /// @param path without query
  /// @param version of HTTP that the client speaks
  /// @param client its address
  /// @param userAgent what it calls itself; may be empty
  /// @param rule the mesh's rule that was followed; empty: none
  public record Asked(
      String method,
      String scheme,
      String host,
      String path,
      String version,
      String client,
      String userAgent,
      String rule) {}

  /// A try.
  ///
  /// @param candidate the endpoint or peer
  /// @param host its address; empty if no way to it is known
  /// @param port its port
  /// @param again how often the request was tried before
  public record Tried(String candidate, String host, int port, int again) {}
}
