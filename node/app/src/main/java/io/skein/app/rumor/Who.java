package io.skein.app.rumor;

import java.util.Optional;

/// Who a node is and where it is reached.
///
/// @param name for people
/// @param region where it stands
/// @param zone failure domain, may be empty text
/// @param meshAddress `host:port` of its mesh port
/// @param forwardHost host of its forward listener
/// @param forwardPort port of its forward listener
/// @param version of the program
/// @param draining whether it was taken out of traffic
/// @param startedMillis when the process began, Unix milliseconds
public record Who(
    String name,
    String region,
    String zone,
    String meshAddress,
    String forwardHost,
    int forwardPort,
    String version,
    boolean draining,
    long startedMillis)
    implements Rumor {
  public static final String KEY = "node";

  /// The same node at another mesh address.
  public Who withMeshAddress(String address) {
    return new Who(
        name, region, zone, address, forwardHost, forwardPort, version, draining, startedMillis);
  }

  /// The same node, in or out of traffic.
  public Who withDraining(boolean now) {
    return new Who(
        name, region, zone, meshAddress, forwardHost, forwardPort, version, now, startedMillis);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    return Versioned.array(10)
        .text(name)
        .text(region)
        .text(zone)
        .text(meshAddress)
        .text(forwardHost)
        .unsigned(forwardPort)
        .text(version)
        .bool(draining)
        .unsigned(startedMillis)
        .toBytes();
  }

  public static Optional<Who> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        10,
        in ->
            new Who(
                in.text(Versioned.MAX_TEXT),
                in.text(Versioned.MAX_TEXT),
                in.text(Versioned.MAX_TEXT),
                in.text(Versioned.MAX_TEXT),
                in.text(Versioned.MAX_TEXT),
                (int) in.integer(1, 65_535),
                in.text(Versioned.MAX_TEXT),
                in.bool(),
                in.integer(0, Long.MAX_VALUE)));
  }
}
