package io.skein.proxy.health;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// The two messages of `grpc.health.v1`, in the wire format of Protocol Buffers, each in one
/// length-prefixed frame of gRPC over HTTP/2.
///
///     message HealthCheckRequest  { string service = 1; }
///     message HealthCheckResponse { ServingStatus status = 1; }
final class GrpcHealth {
  static final String PATH = "/grpc.health.v1.Health/Check";

  static final int UNKNOWN = 0;
  static final int SERVING = 1;
  static final int NOT_SERVING = 2;
  static final int SERVICE_UNKNOWN = 3;

  private static final int PREFIX_BYTES = 5;
  private static final int STATUS_FIELD = 1;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private GrpcHealth() {}

  /// A framed request.
  static byte[] request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (name.length > 0) {
      message.write(1 << 3 | BYTES);
      varint(message, name.length);
      message.writeBytes(name);
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0);
    int length = message.size();
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(length >>> shift);
    }
    frame.writeBytes(message.toByteArray());
    return frame.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /// The status in a framed response; empty if it is none.
  static OptionalInt status(byte[] frame) {
    if (frame.length < PREFIX_BYTES || frame[0] != 0) {
      return OptionalInt.empty();
    }
    long length = 0;
    for (int i = 1; i < PREFIX_BYTES; i++) {
      length = length << 8 | (frame[i] & 0xff);
    }
    return length != frame.length - PREFIX_BYTES ? OptionalInt.empty() : new Reader(frame).status();
  }

  /// Names a status.
  static String name(int status) {
    return switch (status) {
      case SERVING -> "SERVING";
      case NOT_SERVING -> "NOT_SERVING";
      case SERVICE_UNKNOWN -> "SERVICE_UNKNOWN";
      default -> "UNKNOWN";
    };
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at = PREFIX_BYTES;
    private boolean broken;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    OptionalInt status() {
      int status = UNKNOWN;
      while (at < bytes.length && !broken) {
        long tag = varint();
        long field = tag >>> 3;
        int type = (int) (tag & 7);
        if (field == STATUS_FIELD && type == VARINT) {
          status = (int) varint();
        } else if (field == 0) {
          broken = true;
        } else {
          skip(type);
        }
      }
      return broken ? OptionalInt.empty() : OptionalInt.of(status);
    }

    private void skip(int type) {
      switch (type) {
        case VARINT -> varint();
        case FIXED64 -> advance(8);
        case BYTES -> advance(varint());
        case FIXED32 -> advance(4);
        default -> broken = true;
      }
    }

    private void advance(long count) {
      if (count < 0 || count > bytes.length - at) {
        broken = true;
      } else {
        at += (int) count;
      }
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= bytes.length) {
          broken = true;
          return 0;
        }
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      broken = true;
      return 0;
    }
  }
}
