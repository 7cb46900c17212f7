package io.skein.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Which stretch of ledger time a digest is wanted of.
///
/// @param author a node's id or name; empty: all
/// @param since begin, included; rounded down to a multiple of the step
/// @param until end, not included; rounded up to a multiple of the step
/// @param step length of the buckets, 1 s to 1 day; empty: no buckets
public record DigestQuery(
    Optional<String> author,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<Duration> step) {}
