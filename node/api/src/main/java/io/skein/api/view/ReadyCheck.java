package io.skein.api.view;

/// One condition of readiness.
///
/// @param name lower case with dashes
/// @param ok whether it holds
/// @param detail for people
public record ReadyCheck(String name, boolean ok, String detail) {}
