package io.skein.healing.signal;

/// Results of this node's active probes of one endpoint.
///
/// @param total probes that have ended since this node started, good and bad
/// @param goodInRow good ones since the last bad one
/// @param badInRow bad ones since the last good one
/// @param unreachable whether the newest could not even connect
/// @param latencyNanos how long the newest good one took, 0 if there was none
public record ProbeResults(
    long total, int goodInRow, int badInRow, boolean unreachable, long latencyNanos) {
  /// Never probed.
  public static final ProbeResults NONE = new ProbeResults(0, 0, 0, false, 0);
}
