package io.skein.app;

import io.skein.app.config.ConfigCode;
import io.skein.app.config.ConfigProblem;
import io.skein.app.config.HostPort;
import io.skein.app.config.ListenerTlsConfig;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.Place;
import io.skein.app.config.Provenance;
import io.skein.app.config.Secret;
import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.Passphrase;
import io.skein.proxy.tls.LoadedCertificate;
import io.skein.proxy.tls.UnusableCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a valid configuration needs of the machine it is checked on: free addresses, names that
/// resolve, usable files. Opens sockets for a moment, writes nothing.
final class Surroundings {
  private final Provenance provenance;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private Surroundings(Provenance provenance) {
    this.provenance = provenance;
  }

  static List<ConfigProblem> check(NodeConfig config, Provenance provenance) {
    Surroundings around = new Surroundings(provenance);
    around.data(config);
    for (Ports.Refused each : Ports.refused(config)) {
      around.problem(ConfigCode.ADDRESS_TAKEN, each.wanted().key(), each.reason());
    }
    for (int i = 0; i < config.mesh().seeds().size(); i++) {
      around.resolves("mesh.seeds[" + i + "]", config.mesh().seeds().get(i));
    }
    around.token(config);
    for (int i = 0; i < config.listeners().size(); i++) {
      if (config.listeners().get(i).tls().isPresent()) {
        around.certificates("listeners[" + i + "].tls", config.listeners().get(i).tls().get());
      }
    }
    config.mesh().inviteFile().ifPresent(file -> around.beside("mesh.invite-file", file));
    config.accessLog().file().ifPresent(file -> around.beside("access-log.file", file));
    return around.problems;
  }

  private void resolves(String key, HostPort seed) {
    if (new InetSocketAddress(seed.host(), seed.port()).isUnresolved()) {
      problem(ConfigCode.NAME_UNKNOWN, key, "the name of " + seed + " does not resolve");
    }
  }

  private void token(NodeConfig config) {
    String key = config.mesh().tokenFile().isPresent() ? "mesh.token-file" : "mesh.token";
    try {
      Optional<Secret> text = config.mesh().readToken();
      if (text.isPresent()
          && JoinToken.parse(text.get().value()) instanceof JoinToken.Parsed.NotAToken(var why)) {
        problem(ConfigCode.UNUSABLE_FILE, key, why);
      }
    } catch (IOException e) {
      problem(ConfigCode.UNUSABLE_FILE, key, StartFailed.reason(e));
    }
  }

  private void certificates(String key, ListenerTlsConfig tls) {
    for (int i = 0; i < tls.certificates().size(); i++) {
      String at = key + ".certificates[" + i + "].cert-file";
      try {
        LoadedCertificate.read(tls.certificates().get(i))
            .outOfDate(Instant.now())
            .ifPresent(why -> problem(ConfigCode.UNUSABLE_FILE, at, why));
      } catch (UnusableCertificate e) {
        problem(ConfigCode.UNUSABLE_FILE, at, String.valueOf(e.getMessage()));
      }
    }
    if (tls.clientCas().isPresent()) {
      try {
        LoadedCertificate.certificates(tls.clientCas().get());
      } catch (UnusableCertificate e) {
        problem(ConfigCode.UNUSABLE_FILE, key + ".client-ca-file", String.valueOf(e.getMessage()));
      }
    }
  }

  private void data(NodeConfig config) {
    Path data = config.node().data();
    Path there = data.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      problem(ConfigCode.UNUSABLE_FILE, "node.data", there + " is no directory to write to");
    }
    Path identity = data.resolve("identity.key");
    if (Files.exists(identity, LinkOption.NOFOLLOW_LINKS)) {
      try {
        IdentityFiles.load(identity, config.node().passphraseFile());
      } catch (KeyFileException e) {
        problem(ConfigCode.UNUSABLE_FILE, "node.data", StartFailed.reason(e));
      }
    } else if (config.node().passphraseFile().isPresent()) {
      try (Passphrase _ = Passphrase.read(config.node().passphraseFile().get())) {
        // Usable: that is all there is to find out.
      } catch (KeyFileException e) {
        problem(ConfigCode.UNUSABLE_FILE, "node.identity-passphrase-file", StartFailed.reason(e));
      }
    }
  }

  private void beside(String key, Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
      problem(ConfigCode.UNUSABLE_FILE, key, directory + " is no directory to write to");
    }
  }

  private void problem(ConfigCode code, String key, String what) {
    Place place = provenance.place(key).orElseGet(Place.Default::new);
    problems.add(new ConfigProblem(code, key, place, key + ": " + what));
  }
}
