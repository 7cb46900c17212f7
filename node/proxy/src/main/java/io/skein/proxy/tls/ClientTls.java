package io.skein.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The contexts for TLS to endpoints, one for each way it is spoken. Any thread. A context is made
/// when it is first needed, with its files, on a thread of its own: event loops only ask whether it
/// is there ([#newHandler]) and have themselves called when it is ([#prepare]). [#reloadIfChanged]
/// reads files again; connections that stand keep what they began with.
///
/// The JDK's TLS: connections to endpoints are kept, so that handshakes are few, and a relay needs
/// to go on sending after the endpoint said that it is done.
public final class ClientTls {
  private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);

  /// Ways of speaking TLS that are remembered; beyond: all are forgotten and made anew.
  private static final int MOST = 2_000;

  private final Executor readers;
  private final Map<EndpointTls, Made> contexts = new ConcurrentHashMap<>();
  private final Map<EndpointTls, CompletableFuture<Made>> making = new ConcurrentHashMap<>();
  private final LongAdder reloads = new LongAdder();
  private final LongAdder failedReloads = new LongAdder();

  private record Made(SslContext context, Map<Path, FileTime> seen) {}

  /// Reads files on virtual threads.
  public ClientTls() {
    this(work -> Thread.ofVirtual().name("skein-endpoint-tls").start(work));
  }

  /// @param readers where contexts are made, which blocks
  ClientTls(Executor readers) {
    this.readers = readers;
  }

  /// Makes the context for `tls` unless it is there, and calls `next` on `caller` when it is, or
  /// `failed` with an [UnusableCertificate] if a file cannot be used. Who asks meanwhile shares the
  /// reading; a failure is not remembered.
  public void prepare(EndpointTls tls, Executor caller, Runnable next, Consumer<Throwable> failed) {
    CompletableFuture<Made> made = new CompletableFuture<>();
    CompletableFuture<Made> before = making.putIfAbsent(tls, made);
    if (before == null) {
      readers.execute(() -> {
        try {
          Made known = contexts.get(tls);
          Made context = known != null ? known : make(tls);
          if (contexts.size() >= MOST) {
            contexts.clear();
          }
          contexts.put(tls, context);
          made.complete(context);
        } catch (UnusableCertificate | RuntimeException e) {
          made.completeExceptionally(e);
        } finally {
          making.remove(tls);
        }
      });
    }
    var unused =
        (before == null ? made : before)
            .whenCompleteAsync(
                (_, failure) -> {
                  if (failure == null) {
                    next.run();
                  } else {
                    failed.accept(
                        failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
                  }
                },
                caller);
  }

  /// The first handler of a connection to an endpoint; empty if [#prepare] is to be called first.
  ///
  /// @param host the endpoint's host, as configured
  public Optional<SslHandler> newHandler(
      ByteBufAllocator allocator, EndpointTls tls, String host, int port) {
    Made made = contexts.get(tls);
    return made == null
        ? Optional.empty()
        : Optional.of(made.context().newHandler(allocator, tls.serverName().orElse(host), port));
  }

  /// Whether the context is there.
  public boolean ready(EndpointTls tls) {
    return contexts.containsKey(tls);
  }

  /// Reads again the files that changed since they were read; blocks. If they cannot be used, what
  /// was read before stays in force.
  ///
  /// @return whether new ones are in force
  public synchronized boolean reloadIfChanged() {
    boolean changed = false;
    for (Map.Entry<EndpointTls, Made> each : contexts.entrySet()) {
      Map<Path, FileTime> now = FileTimes.of(files(each.getKey()));
      if (now.equals(each.getValue().seen())) {
        continue;
      }
      try {
        each.setValue(make(each.getKey()));
        reloads.increment();
        changed = true;
        LOG.atInfo().addKeyValue("files", now.keySet()).log("TLS to endpoints reloaded");
      } catch (UnusableCertificate e) {
        failedReloads.increment();
        each.setValue(new Made(each.getValue().context(), now));
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("TLS to endpoints not reloaded, the old files stay in force");
      }
    }
    return changed;
  }

  /// How often files were read again with success.
  public long reloads() {
    return reloads.sum();
  }

  /// How often they were read again and could not be used.
  public long failedReloads() {
    return failedReloads.sum();
  }

  private static List<Path> files(EndpointTls tls) {
    List<Path> files = new ArrayList<>();
    tls.ca().ifPresent(files::add);
    tls.identity()
        .ifPresent(own -> {
          files.add(own.chain());
          files.add(own.key());
          own.password().ifPresent(files::add);
        });
    return files;
  }

  private static Made make(EndpointTls tls) throws UnusableCertificate {
    // Looked at before they are read: a change in between is seen the next time.
    Map<Path, FileTime> seen = FileTimes.of(files(tls));
    return new Made(context(tls), seen);
  }

  private static SslContext context(EndpointTls tls) throws UnusableCertificate {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsEngine.HALF_CLOSING.provider())
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(ServerTlsConfig.MODERN_CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .endpointIdentificationAlgorithm(tls.verify() ? "HTTPS" : "");
    if (!tls.verify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.ca().isPresent()) {
      builder.trustManager(
          LoadedCertificate.certificates(tls.ca().get()).toArray(new X509Certificate[0]));
    }
    if (tls.identity().isPresent()) {
      LoadedCertificate own = LoadedCertificate.read(tls.identity().get());
      builder.keyManager(own.key(), own.chain().toArray(new X509Certificate[0]));
    }
    if (!tls.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              tls.alpn()));
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new UnusableCertificate("TLS to endpoints: " + e.getMessage(), e);
    }
  }
}
