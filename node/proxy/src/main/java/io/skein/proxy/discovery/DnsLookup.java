package io.skein.proxy.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Asks DNS for records with their times to live, over UDP, or TCP where an answer is too long. Any
/// thread; answers come on one event loop.
final class DnsLookup implements AutoCloseable {
  private static final int MAX_QUERIES = 16;

  private final EventLoop loop;
  private final DnsNameResolver resolver;

  /// What one question brought.
  ///
  /// @param records what was found; empty if the name or such records do not exist
  /// @param ttlSeconds the shortest time to live of all
  /// @param <T> kind of record
  record Answer<T>(List<T> records, long ttlSeconds) {}

  /// One SRV record.
  record Service(int priority, int weight, int port, String target) {}

  /// @param servers whom to ask
  /// @param timeoutMillis how long one server may take
  DnsLookup(VertxInternal vertx, DnsServerAddressStreamProvider servers, long timeoutMillis) {
    this.loop = vertx.nettyEventLoopGroup().next();
    this.resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> vertx.transport().datagramChannel())
            .socketChannelFactory(
                () -> (SocketChannel) vertx.transport().channelFactory(false).newChannel(), true)
            .nameServerProvider(servers)
            .queryTimeoutMillis(timeoutMillis)
            .maxQueriesPerResolve(MAX_QUERIES)
            .searchDomains(List.of())
            .build();
  }

  /// A or AAAA records.
  io.vertx.core.Future<Answer<String>> addresses(String name, DnsRecordType type) {
    return ask(name, type, DnsLookup::address);
  }

  /// SRV records.
  io.vertx.core.Future<Answer<Service>> services(String name) {
    return ask(name, DnsRecordType.SRV, DnsLookup::service);
  }

  @Override
  public void close() {
    resolver.close();
  }

  private interface Reader<T> {
    T read(ByteBuf content) throws UnknownHostException;
  }

  private <T> io.vertx.core.Future<Answer<T>> ask(
      String name, DnsRecordType type, Reader<T> reader) {
    Promise<Answer<T>> promise = Promise.promise();
    loop.execute(() -> {
      Future<List<DnsRecord>> asked = resolver.resolveAll(new DefaultDnsQuestion(name + ".", type));
      asked.addListener(_ -> {
        if (asked.isSuccess()) {
          try {
            promise.complete(read(asked.getNow(), type, reader));
          } finally {
            asked.getNow().forEach(ReferenceCountUtil::release);
          }
        } else if (exists(asked.cause())) {
          promise.fail(asked.cause());
        } else {
          promise.complete(new Answer<>(List.of(), 0));
        }
      });
    });
    return promise.future();
  }

  private static <T> Answer<T> read(List<DnsRecord> records, DnsRecordType type, Reader<T> reader) {
    List<T> read = new ArrayList<>();
    long ttl = Long.MAX_VALUE;
    for (DnsRecord record : records) {
      if (record.type().equals(type) && record instanceof DnsRawRecord raw) {
        try {
          read.add(reader.read(raw.content()));
          ttl = Math.min(ttl, record.timeToLive());
        } catch (UnknownHostException | RuntimeException _) {
          // A record that is none says nothing; the others still count.
        }
      }
    }
    return new Answer<>(read, read.isEmpty() ? 0 : ttl);
  }

  /// Whether a failure leaves open what there is: no answer, or a server that could not tell.
  private static boolean exists(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DnsErrorCauseException told) {
        return !told.getCode().equals(DnsResponseCode.NXDOMAIN)
            && !told.getCode().equals(DnsResponseCode.NOERROR);
      }
    }
    return true;
  }

  private static String address(ByteBuf content) throws UnknownHostException {
    byte[] bytes = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), bytes);
    return InetAddress.getByAddress(bytes).getHostAddress();
  }

  private static Service service(ByteBuf content) {
    ByteBuf in = content.duplicate();
    int priority = in.readUnsignedShort();
    int weight = in.readUnsignedShort();
    int port = in.readUnsignedShort();
    String target = DefaultDnsRecordDecoder.decodeName(in).toLowerCase(Locale.ROOT);
    String name = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
    if (port == 0) {
      throw new IllegalArgumentException("port: 0 (expected: 1..65535)");
    }
    return new Service(priority, weight, port, DnsQuery.requireName(name));
  }
}
