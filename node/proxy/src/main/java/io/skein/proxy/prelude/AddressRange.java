package io.skein.proxy.prelude;

import java.net.InetAddress;
import java.util.Arrays;

/// A range of IP addresses in the notation of RFC 4632: `10.0.0.0/8`, `2001:db8::/32`, or one
/// address. Any thread.
public final class AddressRange {
  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /// @throws IllegalArgumentException if `text` is no range, or has bits set after its prefix
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!address.matches("[0-9a-fA-F.:]{2,45}")
        || (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3)) {
      throw bad(text, "it has no IP address");
    }
    byte[] network;
    try {
      network = InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      throw bad(text, "it has no IP address");
    }
    int most = network.length * 8;
    String prefix = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
    int bits = prefix.matches("[0-9]{1,3}") ? Integer.parseInt(prefix) : most + 1;
    if (bits > most) {
      throw bad(text, "its prefix must be 0 to " + most);
    }
    byte[] cleared = network.clone();
    clear(cleared, bits);
    if (!Arrays.equals(cleared, network)) {
      throw bad(text, "it has bits set beyond its prefix");
    }
    return new AddressRange(network, bits);
  }

  /// Whether the address lies in the range. An IPv4 address is never in an IPv6 range.
  public boolean contains(InetAddress address) {
    byte[] raw = address.getAddress();
    if (raw.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(raw, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || (raw[whole] ^ network[whole]) >> (8 - rest) == 0;
  }

  private static void clear(byte[] address, int from) {
    for (int bit = from; bit < address.length * 8; bit++) {
      address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException("'" + text + "' is no range of addresses: " + why);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange range
        && range.bits == bits
        && Arrays.equals(range.network, network);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(network) * 31 + bits;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
