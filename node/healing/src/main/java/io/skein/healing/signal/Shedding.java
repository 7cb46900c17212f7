package io.skein.healing.signal;

/// What this node gives up because it runs out of something.
///
/// @param sheds whether requests are refused for it
/// @param step the word for what is given up
/// @param resource whose pressure is the highest
/// @param pressure on it, 0 and more; 1 is all there is
public record Shedding(boolean sheds, String step, String resource, double pressure) {
  /// Nothing is watched.
  public static final Shedding NONE = new Shedding(false, "none", "", 0);
}
