package io.skein.routing.candidate;

/// What a policy may know of a request.
///
/// @param service name of the service
/// @param idempotent whether the method may be repeated (RFC 9110 §9.2.2)
/// @param number which of the service's learned classes it falls into, [#OTHER] if none of them,
///   [#UNKNOWN] if none are learned: an index into [LatencyByClass]. Numbers are given anew when
///   other classes become frequent.
public record RequestClass(String service, boolean idempotent, int number) {
  /// The number of all requests that fall into no learned class.
  public static final int OTHER = 0;

  /// The number where classes are not learned.
  public static final int UNKNOWN = -1;

  /// A request of a service whose classes are not learned.
  public RequestClass(String service, boolean idempotent) {
    this(service, idempotent, UNKNOWN);
  }
}
