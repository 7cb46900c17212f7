package io.skein.api.view;

import java.util.OptionalDouble;

/// The way between two members.
///
/// @param from name of one
/// @param to name of the other
/// @param rttMs round trip in milliseconds; empty if unknown
/// @param measured true if this node measured it, false if estimated from coordinates
/// @param requestsPerSecond forwarded from `from` to `to`; empty if unknown
/// @param state `up`, `suspect` or `down`
public record LinkView(
    String from,
    String to,
    OptionalDouble rttMs,
    boolean measured,
    OptionalDouble requestsPerSecond,
    String state) {}
