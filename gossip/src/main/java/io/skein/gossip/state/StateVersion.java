package io.skein.gossip.state;

/// Orders the values of one owner. A later life of the owner beats every earlier one.
///
/// @param incarnation which life of the owner, > 0; grows with each restart
/// @param counter counts the owner's puts within that life, from 1
public record StateVersion(long incarnation, long counter) implements Comparable<StateVersion> {
  @Override
  public int compareTo(StateVersion other) {
    int order = Long.compare(incarnation, other.incarnation);
    return order != 0 ? order : Long.compare(counter, other.counter);
  }
}
