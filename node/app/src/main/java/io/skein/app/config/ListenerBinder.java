package io.skein.app.config;

import io.skein.app.config.ListenerConfig.Protocol;
import io.skein.app.config.ListenerConfig.ProxyProtocol;
import io.skein.proxy.prelude.AddressRange;
import io.skein.proxy.tcp.TcpListener;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.ServerTlsConfig.ClientAuth;
import io.skein.proxy.tls.ServerTlsConfig.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Binds what a listener speaks.
final class ListenerBinder {
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern CIPHER = Pattern.compile("TLS_[A-Z0-9_]{4,80}");
  private static final ValueType<AddressRange> RANGE =
      new ValueType<>(ListenerBinder::range, AddressRange::toString);
  private static final ValueType<String> CERTIFICATE_HOST =
      ValueType.text(ListenerBinder::certificateHost);

  private ListenerBinder() {}

  static ListenerConfig bind(Section section, String name, HostPort bind) {
    Protocol protocol =
        section.value("protocol", ValueType.word(Protocol.values(), Protocol::word), Protocol.HTTP);
    String service = section.value("service", ValueType.text(Limits::catalogueNameOrNothing), "");
    Optional<ListenerTlsConfig> tls =
        section.optionalSection("tls", ListenerBinder::tls).flatMap(each -> each);
    ProxyProtocol proxyProtocol =
        section.value(
            "proxy-protocol",
            ValueType.word(ProxyProtocol.values(), ProxyProtocol::word),
            ProxyProtocol.NONE);
    List<AddressRange> sources = section.values("proxy-sources", RANGE, ListenerConfig.MAX_SOURCES);
    Duration idle =
        section.value(
            "idle",
            ValueType.duration(ListenerConfig.LEAST_IDLE, ListenerConfig.MOST_IDLE),
            TcpListener.DEFAULT_IDLE);
    boolean receiptHeader = section.value("receipt-header", ValueType.SWITCH, false);
    boolean debugHeader = section.value("debug-header", ValueType.SWITCH, false);
    return section.build(
        () ->
            new ListenerConfig(
                name,
                bind,
                protocol,
                service,
                tls,
                proxyProtocol,
                sources,
                idle,
                receiptHeader,
                debugHeader),
        () -> new ListenerConfig(name, bind, false));
  }

  /// Empty after a problem.
  private static Optional<ListenerTlsConfig> tls(Section section) {
    List<CertificateFiles> certificates =
        section.sections(
            "certificates",
            ListenerTlsConfig.MAX_CERTIFICATES,
            ListenerBinder::certificate,
            files -> files.chain().toString());
    Version minVersion =
        section.value(
            "min-version", ValueType.word(Version.values(), Version::word), Version.TLS_1_2);
    List<String> ciphers =
        section.values(
            "ciphers", ValueType.text(ListenerBinder::cipher), ListenerTlsConfig.MAX_CIPHERS);
    ClientAuth clientAuth =
        section.value(
            "client-auth", ValueType.word(ClientAuth.values(), ClientAuth::word), ClientAuth.NONE);
    Optional<Path> clientCas = section.optional("client-ca-file", ValueType.FILE);
    String clientHeader =
        section.value("client-header", ValueType.text(ListenerBinder::fieldName), "");
    return section.build(
        () ->
            Optional.of(
                new ListenerTlsConfig(
                    certificates, minVersion, ciphers, clientAuth, clientCas, clientHeader)),
        Optional::empty);
  }

  private static CertificateFiles certificate(Section section) {
    Path none = Path.of("certificate.pem");
    return new CertificateFiles(
        section.required("cert-file", ValueType.FILE, none),
        section.required("key-file", ValueType.FILE, none),
        section.optional("key-password-file", ValueType.FILE),
        section.optional("ocsp-file", ValueType.FILE),
        section.values("hosts", CERTIFICATE_HOST, ListenerTlsConfig.MAX_HOSTS));
  }

  private static AddressRange range(String text) {
    try {
      return AddressRange.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigMistake(
          ConfigCode.BAD_ADDRESS, e.getMessage() + "; expected ADDRESS or ADDRESS/BITS");
    }
  }

  private static String certificateHost(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    if (!text.equals(text.toLowerCase(Locale.ROOT))
        || text.indexOf(':') >= 0
        || !HostPort.validHost(name)) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME,
          "'" + text + "' is no host name; expected one in lower case, or *. and one");
    }
    return text;
  }

  private static String cipher(String text) {
    if (!CIPHER.matcher(text).matches()) {
      throw new ConfigMistake(
          ConfigCode.UNKNOWN_WORD,
          "'"
              + text
              + "' is no cipher suite; expected its IANA name, as in"
              + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }
    return text;
  }

  private static String fieldName(String text) {
    if (!text.isEmpty() && !FIELD_NAME.matcher(text).matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME, "'" + text + "' is no header field; expected letters, digits, '-'");
    }
    return text;
  }
}
