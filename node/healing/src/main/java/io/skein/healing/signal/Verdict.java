package io.skein.healing.signal;

import io.skein.routing.ejection.Ailment;

/// An endpoint is set aside, by a record that the mesh holds.
///
/// @param diagnosis why
/// @param sinceNanos when this node learnt of it, on its own monotonic clock
/// @param cause id of the record
/// @param by id of the node that decided
public record Verdict(Ailment diagnosis, long sinceNanos, String cause, String by) {}
