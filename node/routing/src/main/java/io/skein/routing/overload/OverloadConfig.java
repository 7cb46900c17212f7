package io.skein.routing.overload;

/// Pressures at which each [Step] is entered, rising, in (0, 2]; and how far below each is left
/// again.
///
/// Lower thresholds give up service that could have been given; higher ones leave less time before
/// the resource is gone. A narrow band flaps; a wide one gives up for longer than needed.
///
/// @param noKeepAlive for [Step#NO_KEEP_ALIVE]
/// @param shedSheddable for [Step#SHED_SHEDDABLE]
/// @param shedDefault for [Step#SHED_DEFAULT]
/// @param refuseAll for [Step#REFUSE_ALL]
/// @param band how far pressure must fall below a step's threshold for it to be left, in [0, 0.5]
public record OverloadConfig(
    double noKeepAlive, double shedSheddable, double shedDefault, double refuseAll, double band) {
  /// 80 %, 85 %, 92 %, 97 %; 5 % below.
  public static final OverloadConfig DEFAULT = new OverloadConfig(0.80, 0.85, 0.92, 0.97, 0.05);

  public OverloadConfig {
    require(noKeepAlive > 0, "noKeepAlive", noKeepAlive, "> 0");
    require(shedSheddable >= noKeepAlive, "shedSheddable", shedSheddable, ">= noKeepAlive");
    require(shedDefault >= shedSheddable, "shedDefault", shedDefault, ">= shedSheddable");
    require(refuseAll >= shedDefault && refuseAll <= 2, "refuseAll", refuseAll, "shedDefault..2");
    require(band >= 0 && band <= 0.5, "band", band, "0..0.5");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  /// Where a step is entered.
  double threshold(Step step) {
    return switch (step) {
      case NONE -> 0;
      case NO_KEEP_ALIVE -> noKeepAlive;
      case SHED_SHEDDABLE -> shedSheddable;
      case SHED_DEFAULT -> shedDefault;
      case REFUSE_ALL -> refuseAll;
    };
  }
}
