package io.skein.gossip.coordinate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A node's place in round-trip space: a point in eight dimensions, and a height above it for what
/// every path of the node pays (its access link).
///
/// All in seconds of round-trip time.
public final class Coordinate {
  /// Dimensions of the plane.
  public static final int DIMENSIONS = 8;

  /// Length of the binary form: the place, the height and the error as IEEE 754 singles.
  public static final int BYTES = 4 * (DIMENSIONS + 2);

  /// Error of a node that knows nothing yet, and the largest one.
  public static final double MAX_ERROR = 1.5;

  static final double MIN_HEIGHT_SECONDS = 10e-6;
  private static final double MAX_SECONDS = 60;

  private final double[] place;
  private final double heightSeconds;
  private final double error;

  Coordinate(double[] place, double heightSeconds, double error) {
    this.place = place;
    this.heightSeconds = heightSeconds;
    this.error = error;
  }

  /// Where every node starts.
  public static Coordinate origin() {
    return new Coordinate(new double[DIMENSIONS], MIN_HEIGHT_SECONDS, MAX_ERROR);
  }

  /// The predicted round-trip time to `other` in seconds; symmetric.
  public double distanceSeconds(Coordinate other) {
    return planeDistance(other) + heightSeconds + other.heightSeconds;
  }

  double planeDistance(Coordinate other) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      double difference = place[i] - other.place[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /// The point in the plane, eight values.
  public double[] place() {
    return place.clone();
  }

  /// What is added for this node on every path, > 0.
  public double heightSeconds() {
    return heightSeconds;
  }

  /// How wrong predictions are, relative: 0 to [#MAX_ERROR].
  public double error() {
    return error;
  }

  /// Whether each part is a number within what round trips can be.
  boolean isValid() {
    for (double value : place) {
      if (!(Math.abs(value) <= MAX_SECONDS)) {
        return false;
      }
    }
    return heightSeconds >= 0 && heightSeconds <= MAX_SECONDS && error >= 0 && error <= MAX_ERROR;
  }

  /// The binary form, [#BYTES] long.
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    for (double value : place) {
      out.putFloat((float) value);
    }
    return out.putFloat((float) heightSeconds).putFloat((float) error).array();
  }

  /// Reads the binary form; empty if it has another length or holds what no coordinate can.
  public static Optional<Coordinate> decode(byte[] bytes) {
    if (bytes.length != BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    double[] place = new double[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      place[i] = in.getFloat();
    }
    Coordinate coordinate = new Coordinate(place, in.getFloat(), in.getFloat());
    return coordinate.isValid() ? Optional.of(coordinate) : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coordinate that
        && Arrays.equals(place, that.place)
        && heightSeconds == that.heightSeconds
        && error == that.error;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(place) + Double.hashCode(heightSeconds);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s height %.6f error %.3f", Arrays.toString(place), heightSeconds, error);
  }
}
