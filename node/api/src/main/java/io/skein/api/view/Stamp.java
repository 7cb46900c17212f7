package io.skein.api.view;

import java.time.Instant;

/// Whose view an answer is.
///
/// @param asSeenBy name of the node that looked
/// @param asOf when the snapshot was taken
public record Stamp(String asSeenBy, Instant asOf) {}
