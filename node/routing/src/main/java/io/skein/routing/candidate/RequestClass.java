package io.skein.routing.candidate;

/// What a policy may know of a request.
///
/// @param service name of the service
/// @param idempotent whether the method may be repeated (RFC 9110 §9.2.2)
public record RequestClass(String service, boolean idempotent) {}
