package io.skein.routing.candidate;

/// What a policy may know of a request.
///
/// @param service name of the service
/// @param idempotent whether the method may be repeated (RFC 9110 §9.2.2)
/// @param number which of the service's learned classes it falls into, [#OTHER] if none: an index
///   into [LatencyByClass]. Numbers are given anew when other classes become frequent.
public record RequestClass(String service, boolean idempotent, int number) {
  /// The number of all requests that fall into no learned class.
  public static final int OTHER = 0;

  /// A request of no learned class.
  public RequestClass(String service, boolean idempotent) {
    this(service, idempotent, OTHER);
  }
}
