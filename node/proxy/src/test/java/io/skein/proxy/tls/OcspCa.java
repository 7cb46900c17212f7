package io.skein.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A CA made by openssl that says what it thinks of its certificates, in a directory of its own.
public final class OcspCa {
  private final Path directory;

  public OcspCa(Path directory) throws Exception {
    this.directory = directory;
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca"
            + " -keyout ca.key -out ca.pem");
    Files.writeString(directory.resolve("index.txt"), "");
  }

  /// Issues a certificate; it and its CA are in the file.
  public Path issue(String name, String serial) throws Exception {
    openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN="
            + name
            + " -addext subjectAltName=DNS:"
            + name
            + " -keyout "
            + key(name).getFileName()
            + " -out "
            + name
            + ".csr");
    openssl(
        "x509 -req -in "
            + name
            + ".csr -CA ca.pem -CAkey ca.key -days 1 -copy_extensions copy -set_serial 0x"
            + serial
            + " -out "
            + name
            + ".leaf");
    Path chain = directory.resolve(name + ".pem");
    Files.writeString(
        chain,
        Files.readString(directory.resolve(name + ".leaf"))
            + Files.readString(directory.resolve("ca.pem")));
    return chain;
  }

  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /// Appoints somebody to speak for the CA.
  ///
  /// @param usage extended key usage, such as `OCSPSigning`
  public void appoint(String name, String usage) throws Exception {
    Files.writeString(directory.resolve(name + ".ext"), "extendedKeyUsage=" + usage + "\n");
    Path _ = issue(name, "77");
    openssl(
        "x509 -req -in "
            + name
            + ".csr -CA ca.pem -CAkey ca.key -days 1 -set_serial 0x77 -extfile "
            + name
            + ".ext -out "
            + name
            + ".leaf");
  }

  /// What the CA says of a certificate.
  ///
  /// @param state `V` for good, `R` for revoked, empty if it knows nothing of it
  /// @param signer `ca`, or whom it appointed
  /// @param more further arguments, such as `-ndays 1`
  public Path say(String name, String serial, String state, String signer, String more)
      throws Exception {
    String line =
        state.equals("R")
            ? "R\t491231235959Z\t200101000000Z\t" + serial + "\tunknown\t/CN=" + name + "\n"
            : "V\t491231235959Z\t\t" + serial + "\tunknown\t/CN=" + name + "\n";
    Files.writeString(directory.resolve("index.txt"), state.isEmpty() ? "" : line);
    openssl("ocsp -issuer ca.pem -cert " + name + ".leaf -no_nonce -reqout " + name + ".req");
    String by = signer.equals("ca") ? "ca.pem" : signer + ".leaf";
    openssl(
        "ocsp -index index.txt -CA ca.pem -rsigner "
            + by
            + " -rkey "
            + signer
            + ".key -reqin "
            + name
            + ".req -respout "
            + name
            + ".ocsp "
            + more);
    return directory.resolve(name + ".ocsp");
  }

  private void openssl(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.strip().split(" +", -1)));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), arguments + "\n" + said);
    }
  }
}
