package io.skein.proxy.health;

/// What a check found.
///
/// @param ok whether the endpoint may take requests
/// @param latencyNanos from the dial to the answer's head, or to the failure
/// @param detail the status, or what went wrong, in a few words
public record CheckResult(boolean ok, long latencyNanos, String detail) {}
