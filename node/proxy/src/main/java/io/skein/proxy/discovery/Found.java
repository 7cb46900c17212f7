package io.skein.proxy.discovery;

import java.util.Comparator;

/// One endpoint that DNS knows.
///
/// @param address an IP address in text form
/// @param port 1 to 65,535
/// @param weight relative capacity, 1 to 1,000
public record Found(String address, int port, int weight) implements Comparable<Found> {
  private static final Comparator<Found> ORDER =
      Comparator.comparing(Found::address).thenComparingInt(Found::port);

  @Override
  public int compareTo(Found other) {
    return ORDER.compare(this, other);
  }
}
