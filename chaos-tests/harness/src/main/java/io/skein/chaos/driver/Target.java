package io.skein.chaos.driver;

/// A node as clients know it.
///
/// @param name its name for people
/// @param api where its API answers
/// @param traffic its listener for clients' requests; the API's address where none is known
public record Target(String name, HostPort api, HostPort traffic) {}
