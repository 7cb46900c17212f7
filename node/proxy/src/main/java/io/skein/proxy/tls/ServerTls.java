package io.skein.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AsyncMapping;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listener's TLS: a context for each certificate, chosen by the name that the client asks for
/// (RFC 6066 §3): the exact name first, then `*.` for its first label (RFC 6125 §6.4.3), then the
/// first certificate.
///
/// Files are read again by [#reload] and [#reloadIfChanged], which block and belong on a control
/// thread; handshakes go on meanwhile with what was read before, and keep it if the new files
/// cannot be used. Everything else: any thread.
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /// A handshake that has chosen a context uses it within its time limit.
  private static final long RETIRE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// How long a session can be resumed: as long, a client's certificate is not asked for again.
  private static final long SESSION_SECONDS = 300;

  private final String name;
  private final ServerTlsConfig config;
  private final TlsEngine engine;
  private final Duration handshakeTimeout;
  private final int maxClientHelloBytes;
  private final Queue<Retired> retired = new ArrayDeque<>();
  private final LongAdder reloads = new LongAdder();
  private final LongAdder failedReloads = new LongAdder();
  private volatile Loaded loaded;
  private Map<Path, FileTime> seen;

  private record Retired(Loaded loaded, long sinceNanos) {}

  private record Loaded(
      List<LoadedCertificate> certificates,
      List<SslContext> contexts,
      Map<String, SslContext> byName,
      Map<SslContext, OcspStaple> staples) {
    SslContext choose(String host) {
      SslContext exact = byName.get(host);
      if (exact != null) {
        return exact;
      }
      int dot = host.indexOf('.');
      SslContext wild = dot < 0 ? null : byName.get("*" + host.substring(dot));
      return wild != null ? wild : contexts.getFirst();
    }

    void release() {
      contexts.forEach(ReferenceCountUtil::release);
    }
  }

  /// Reads the files; blocks.
  ///
  /// @param name the listener's, for the log
  /// @param handshakeTimeout from the connection to the end of the handshake; beyond: closed
  /// @param maxClientHelloBytes the longest ClientHello taken; beyond: closed
  /// @throws UnusableCertificate naming the file that cannot be used
  public ServerTls(
      String name,
      ServerTlsConfig config,
      TlsEngine engine,
      Duration handshakeTimeout,
      int maxClientHelloBytes)
      throws UnusableCertificate {
    this.name = name;
    this.config = config;
    this.engine = engine;
    this.handshakeTimeout = handshakeTimeout;
    this.maxClientHelloBytes = maxClientHelloBytes;
    this.seen = look();
    this.loaded = load();
  }

  /// With 10 s for a handshake and 16 KiB for a ClientHello.
  public ServerTls(String name, ServerTlsConfig config, TlsEngine engine)
      throws UnusableCertificate {
    this(name, config, engine, Duration.ofSeconds(10), 16 << 10);
  }

  /// The first handler of a new connection. After it come plain bytes, and an
  /// [io.netty.handler.ssl.SslHandshakeCompletionEvent] before them.
  public ChannelHandler newHandler() {
    AsyncMapping<String, SslContext> choose =
        (host, promise) -> promise.setSuccess(loaded.choose(host == null ? "" : host));
    long patience = handshakeTimeout.toMillis();
    return loaded.staples().isEmpty()
        ? new SniHandler(choose, maxClientHelloBytes, patience)
        : new Stapling(choose, maxClientHelloBytes, patience);
  }

  /// Shows the response of the certificate that was chosen, while it holds.
  private final class Stapling extends SniHandler {
    Stapling(AsyncMapping<String, SslContext> choose, int maxClientHelloBytes, long patience) {
      super(choose, maxClientHelloBytes, patience);
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator alloc) {
      SslHandler handler = super.newSslHandler(context, alloc);
      OcspStaple staple = loaded.staples().get(context);
      if (staple != null
          && staple.holds(Instant.now())
          && handler.engine() instanceof ReferenceCountedOpenSslEngine open) {
        open.setOcspResponse(staple.response());
      }
      return handler;
    }
  }

  /// What is in force.
  public List<LoadedCertificate> certificates() {
    return loaded.certificates();
  }

  /// The listener's name.
  public String name() {
    return name;
  }

  /// How often files were read again with success.
  public long reloads() {
    return reloads.sum();
  }

  /// How often they were read again and could not be used.
  public long failedReloads() {
    return failedReloads.sum();
  }

  /// Reads the files again if one of them changed since they were last read. One thread at a time.
  ///
  /// @return whether new ones are in force
  public synchronized boolean reloadIfChanged() {
    retire();
    Map<Path, FileTime> now = look();
    if (now.equals(seen)) {
      return false;
    }
    try {
      return reload();
    } catch (UnusableCertificate e) {
      return false;
    }
  }

  /// Reads the files again.
  ///
  /// @return true
  /// @throws UnusableCertificate if they cannot be used; what was in force stays so
  public synchronized boolean reload() throws UnusableCertificate {
    // Looked at before they are read: a change in between is seen the next time.
    seen = look();
    Loaded next;
    try {
      next = load();
    } catch (UnusableCertificate e) {
      failedReloads.increment();
      LOG.atWarn()
          .addKeyValue("listener", name)
          .addKeyValue("reason", e.getMessage())
          .log("certificates not reloaded, the old ones stay in force");
      throw e;
    }
    retired.add(new Retired(loaded, System.nanoTime()));
    loaded = next;
    reloads.increment();
    LOG.atInfo()
        .addKeyValue("listener", name)
        .addKeyValue("until", next.certificates().getFirst().notAfter())
        .log("certificates reloaded");
    return true;
  }

  /// Frees what is outside the heap; no handshake may begin afterwards.
  @Override
  public synchronized void close() {
    retired.forEach(each -> each.loaded().release());
    retired.clear();
    loaded.release();
  }

  private void retire() {
    long now = System.nanoTime();
    for (Retired oldest; (oldest = retired.peek()) != null; ) {
      if (now - oldest.sinceNanos() < RETIRE_NANOS) {
        return;
      }
      retired.remove();
      oldest.loaded().release();
    }
  }

  private Loaded load() throws UnusableCertificate {
    List<X509Certificate> cas = new ArrayList<>();
    if (config.clientCas().isPresent()) {
      cas.addAll(LoadedCertificate.certificates(config.clientCas().get()));
    }
    List<LoadedCertificate> certificates = new ArrayList<>();
    List<SslContext> contexts = new ArrayList<>();
    Map<String, SslContext> byName = new HashMap<>();
    Map<SslContext, OcspStaple> staples = new IdentityHashMap<>();
    try {
      for (CertificateFiles files : config.certificates()) {
        LoadedCertificate certificate = LoadedCertificate.read(files);
        Optional<OcspStaple> staple = certificate.ocsp().filter(each -> shows(files, each));
        SslContext context = context(certificate, cas, staple.isPresent());
        certificates.add(certificate);
        contexts.add(context);
        staple.ifPresent(response -> staples.put(context, response));
        certificate.hosts().forEach(host -> byName.putIfAbsent(host, context));
      }
    } catch (UnusableCertificate e) {
      contexts.forEach(ReferenceCountUtil::release);
      throw e;
    }
    return new Loaded(
        List.copyOf(certificates), List.copyOf(contexts), Map.copyOf(byName), staples);
  }

  /// Whether a response is shown: not once it is over, as clients would refuse it.
  private boolean shows(CertificateFiles files, OcspStaple staple) {
    String trouble =
        engine.provider() == SslProvider.JDK || !OpenSsl.isOcspSupported()
            ? "the TLS engine of this listener cannot show it"
            : staple.holds(Instant.now()) ? "" : "it ends at " + staple.until();
    if (!trouble.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("listener", name)
          .addKeyValue("certificate", files.chain())
          .addKeyValue("reason", trouble)
          .log("OCSP response not stapled");
    }
    return trouble.isEmpty();
  }

  private SslContext context(
      LoadedCertificate certificate, List<X509Certificate> cas, boolean stapled)
      throws UnusableCertificate {
    List<String> protocols =
        config.minVersion() == ServerTlsConfig.Version.TLS_1_2
            ? List.of("TLSv1.3", "TLSv1.2")
            : List.of("TLSv1.3");
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                certificate.key(), certificate.chain().toArray(new X509Certificate[0]))
            .sslProvider(engine.provider())
            .protocols(protocols)
            .ciphers(
                config.ciphers().isEmpty() ? ServerTlsConfig.MODERN_CIPHERS : config.ciphers(),
                SupportedCipherSuiteFilter.INSTANCE)
            .sessionTimeout(SESSION_SECONDS)
            .enableOcsp(stapled)
            .clientAuth(
                switch (config.clientAuth()) {
                  case NONE -> ClientAuth.NONE;
                  case OPTIONAL -> ClientAuth.OPTIONAL;
                  case REQUIRE -> ClientAuth.REQUIRE;
                });
    if (config.clientAuth() != ServerTlsConfig.ClientAuth.NONE) {
      builder.trustManager(cas.toArray(new X509Certificate[0]));
    }
    if (!config.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              config.alpn()));
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new UnusableCertificate(
          certificate.files().chain() + " cannot be served: " + e.getMessage(), e);
    }
  }

  private Map<Path, FileTime> look() {
    List<Path> files = new ArrayList<>();
    for (CertificateFiles each : config.certificates()) {
      files.add(each.chain());
      files.add(each.key());
      each.password().ifPresent(files::add);
      each.ocsp().ifPresent(files::add);
    }
    config.clientCas().ifPresent(files::add);
    return FileTimes.of(files);
  }
}
