package io.skein.api.view;

import java.time.Instant;

/// One result of an active check.
///
/// @param at when it came
/// @param ok whether the endpoint may take requests
/// @param latencyMs from the dial to the end of what was looked at, or to the failure
/// @param detail the status, or what went wrong
public record CheckView(Instant at, boolean ok, double latencyMs, String detail) {}
