package io.skein.routing.ejection;

/// A diagnosis and the figures it rests on.
///
/// @param diagnosis what was found
/// @param evidence the figures, for people
public record Finding(Ailment diagnosis, String evidence) {}
