package io.skein.app;

import io.skein.app.config.HostPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;

/// Turns a wildcard into one address: mesh connections must leave from the address that peers know,
/// or nobody could tell who is calling.
final class BindAddress {
  private BindAddress() {}

  /// The address itself, or for a wildcard the first IPv4 address of an interface that is up, or
  /// loopback if there is no other.
  static HostPort of(HostPort configured) {
    return configured.isWildcard()
        ? new HostPort(firstAddress().getHostAddress(), configured.port())
        : configured;
  }

  private static InetAddress firstAddress() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(BindAddress::usable)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .filter(address -> !address.isLinkLocalAddress())
          .findFirst()
          .orElse(InetAddress.getLoopbackAddress());
    } catch (SocketException e) {
      return InetAddress.getLoopbackAddress();
    }
  }

  private static boolean usable(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
