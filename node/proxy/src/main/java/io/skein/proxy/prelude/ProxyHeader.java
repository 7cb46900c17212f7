package io.skein.proxy.prelude;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The PROXY header that an endpoint is sent before a connection's own bytes.
public enum ProxyHeader {
  /// None.
  NONE,
  /// Version 1, a line of text.
  V1,
  /// Version 2, binary.
  V2;

  /// The type of the value in which a peer names a service (section 2.2.7: 0xE0 to 0xEF are free).
  public static final int SERVICE = 0xe0;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  /// The name in configuration: `v1`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The header's bytes; empty for `NONE`. Addresses of two families are both written as IPv6.
  public ByteBuf write(ByteBufAllocator allocator, Ends ends) {
    return write(allocator, ends, "");
  }

  /// The same with the value [#SERVICE], in version 2.
  ///
  /// @param service ASCII; empty: without the value
  public ByteBuf write(ByteBufAllocator allocator, Ends ends, String service) {
    ByteBuf out = allocator.directBuffer(128);
    InetAddress source = ends.source().getAddress();
    InetAddress destination = ends.destination().getAddress();
    boolean ip4 = source instanceof Inet4Address && destination instanceof Inet4Address;
    switch (this) {
      case NONE -> {}
      case V1 ->
          out.writeCharSequence(
              "PROXY "
                  + (ip4 ? "TCP4 " : "TCP6 ")
                  + text(source, ip4)
                  + ' '
                  + text(destination, ip4)
                  + ' '
                  + ends.source().getPort()
                  + ' '
                  + ends.destination().getPort()
                  + "\r\n",
              StandardCharsets.US_ASCII);
      case V2 -> {
        out.writeBytes(SIGNATURE).writeByte(PROXY).writeByte(ip4 ? TCP4 : TCP6);
        out.writeShort((ip4 ? 12 : 36) + (service.isEmpty() ? 0 : 3 + service.length()));
        out.writeBytes(bytes(source, ip4)).writeBytes(bytes(destination, ip4));
        out.writeShort(ends.source().getPort()).writeShort(ends.destination().getPort());
        if (!service.isEmpty()) {
          out.writeByte(SERVICE).writeShort(service.length());
          out.writeCharSequence(service, StandardCharsets.US_ASCII);
        }
      }
    }
    return out;
  }

  private static String text(InetAddress address, boolean ip4) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    String plain = zone < 0 ? text : text.substring(0, zone);
    return ip4 || !(address instanceof Inet4Address) ? plain : "::ffff:" + plain;
  }

  private static byte[] bytes(InetAddress address, boolean ip4) {
    byte[] raw = address.getAddress();
    if (ip4 || raw.length == 16) {
      return raw;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(raw, 0, mapped, 12, 4);
    return mapped;
  }
}
