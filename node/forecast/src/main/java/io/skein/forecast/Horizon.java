package io.skein.forecast;

/// What is expected some seconds from now, in the unit of the forecast.
///
/// @param seconds how far ahead
/// @param p10 value that is undercut in one case of ten
/// @param p50 median
/// @param p90 value that is exceeded in one case of ten
public record Horizon(int seconds, double p10, double p50, double p90) {}
