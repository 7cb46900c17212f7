package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigLoader;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.NodeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node that cannot start says why, exits with the right code, and leaves things as they were.
@Tag("net")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class StartTest {
  @TempDir private Path directory;
  private Said said = new Said();

  @Test
  void everyMistakeOfTheConfigurationIsToldAndNothingIsStarted() throws Exception {
    Path file =
        Files.writeString(directory.resolve("skein.yaml"), "nod: {}\ndrain: {timeout: x}\n");

    assertEquals(2, up("--config", file.toString(), "--mesh", "here"));
    assertTrue(said.talk().contains("[SK1004]"), said.talk());
    assertTrue(said.talk().contains("[SK1007]"), said.talk());
    assertTrue(said.talk().contains("[SK1008]"), said.talk());
    assertTrue(said.talk().endsWith("3 errors. Nothing was started.\n"), said.talk());
    assertFalse(Files.exists(data()));
  }

  @Test
  void textThatIsNotYamlIsToldWithItsLine() throws Exception {
    Path file = Files.writeString(directory.resolve("skein.yaml"), "node:\n\tname: [a\n");

    assertEquals(2, up("--config", file.toString()));
    assertTrue(said.talk().contains("skein.yaml:2:"), said.talk());
    assertTrue(said.talk().contains("[SK1002]"), said.talk());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--mesh", "--forward", "--api", "--listen"})
  void anAddressThatIsTakenIsNamedWithItsFlag(String flag) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      assertEquals(2, up(flag, address));
      assertTrue(said.talk().contains(address), said.talk());
      assertTrue(said.talk().contains("with " + flag), said.talk());
      assertFalse(said.talk().contains("Exception"), said.talk());
    }
  }

  @Test
  void theFailureDetectorNeedsAPortToo() throws Exception {
    List<ServerSocket> taken = fourInARow();
    try {
      String mesh = "127.0.0.1:" + (taken.getFirst().getLocalPort() - 100);

      assertEquals(2, up("--mesh", mesh));
      assertTrue(said.talk().contains("--mesh: mesh port " + mesh + " also needs"), said.talk());
    } finally {
      close(taken);
    }
  }

  @Test
  void aNodeThatCannotListenHasNotFoundedAMesh() throws Exception {
    try (ServerSocket api = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(
          2,
          up(
              "--api",
              "127.0.0.1:" + api.getLocalPort(),
              "--listen",
              "127.0.0.1:" + web.getLocalPort()));
      assertEquals(2, said.talk().lines().count(), "both at once: " + said.talk());
      assertFalse(Files.exists(data().resolve("identity.key")));
    }
    Node node = found(data());
    node.stop();
    assertTrue(node.bound().founded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "garbage", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
  void aKeyThatIsNoneIsNeverOverwritten(String text) throws Exception {
    Files.createDirectories(data());
    Path key = Files.writeString(data().resolve("identity.key"), text);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    assertEquals(2, up());
    assertTrue(said.talk().contains(key + ": not an Ed25519 key"), said.talk());
    assertEquals(text, Files.readString(key));
  }

  @Test
  void aKeyOthersCanReadIsRefused() throws Exception {
    Files.createDirectories(data());
    Path key = Files.writeString(data().resolve("identity.key"), "secret");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    assertEquals(2, up());
    assertTrue(said.talk().contains("chmod 600 " + key), said.talk());
    assertEquals("secret", Files.readString(key));
  }

  @Test
  void aDataDirectoryThatIsAFileIsTold() throws Exception {
    Files.writeString(data(), "a file");

    assertEquals(2, up());
    assertTrue(said.talk().contains("--data: " + data()), said.talk());
    assertEquals("a file", Files.readString(data()));
  }

  @Test
  void aDirectoryInUseNamesTheProcess() throws Exception {
    Node node = found(data());
    try {
      assertEquals(2, up());
      assertTrue(
          said.talk().contains("in use by process " + ProcessHandle.current().pid()), said.talk());
      assertTrue(said.talk().contains("--data"), said.talk());
    } finally {
      node.stop();
    }
  }

  @Test
  void recordsWithoutTheirKeyAreNotMadeAnothersByANewKey() throws Exception {
    found(data()).stop();
    Path key = data().resolve("identity.key");
    Files.move(key, directory.resolve("kept"));

    assertEquals(2, up());
    assertTrue(said.talk().contains("identity.key"), said.talk());
    assertFalse(Files.exists(key), "no key is made where one is missing");

    Files.move(directory.resolve("kept"), key);
    found(data()).stop();
  }

  @Test
  void recordsWithAnothersKeyAreRefused() throws Exception {
    found(data()).stop();
    found(directory.resolve("other")).stop();
    Files.delete(data().resolve("identity.key"));
    Files.copy(directory.resolve("other").resolve("identity.key"), data().resolve("identity.key"));
    Files.setPosixFilePermissions(
        data().resolve("identity.key"), PosixFilePermissions.fromString("rw-------"));

    assertEquals(2, up());
    assertTrue(said.talk().contains("none by this node's identity.key"), said.talk());
  }

  @Test
  void aTokenOfAnotherMeshIsRefused() throws Exception {
    found(data()).stop();
    Path token = directory.resolve("token");
    Node other = found(directory.resolve("other"), "--invite-file", token.toString());
    try {
      awaitFile(token);

      assertEquals(2, up("--token-file", token.toString()));
      assertTrue(said.talk().contains("belongs to mesh"), said.talk());
      assertTrue(said.talk().contains("Nothing was changed"), said.talk());
    } finally {
      other.stop();
    }
  }

  @Test
  void aTokenThatIsNoneOrMissingIsTold() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "no token");

    assertEquals(2, up("--seed", "127.0.0.1:1", "--token-file", token.toString()));
    assertTrue(said.talk().contains("token"), said.talk());
    assertEquals(2, up("--seed", "127.0.0.1:1", "--token-file", directory + "/none"));
    assertTrue(said.talk().contains(directory + "/none does not exist"), said.talk());
    assertEquals(2, up("--seed", "127.0.0.1:1"));
    assertTrue(said.talk().contains("needs a token too"), said.talk());
  }

  @Test
  void anApiThatOthersReachNeedsConsent() throws Exception {
    assertEquals(2, up("--api", "0.0.0.0:0"));
    assertTrue(said.talk().contains("[SK1023]"), said.talk());
  }

  @Test
  void anApiWithConsentAnswersByAnyNameAndWithoutByItsOwn() throws Exception {
    Node open = found(data(), "--api", "0.0.0.0:0", "--api-allow-remote");
    try {
      assertEquals("HTTP/1.1 200 OK", statusByName(open, "eu"));
    } finally {
      open.stop();
    }
    Node closed = found(data());
    try {
      assertEquals("HTTP/1.1 421 Misdirected Request", statusByName(closed, "eu"));
      assertEquals("HTTP/1.1 200 OK", statusByName(closed, "a"));
      assertEquals("HTTP/1.1 200 OK", statusByName(closed, "127.0.0.1"));
    } finally {
      closed.stop();
    }
  }

  @Test
  void aFounderIsReadyAtTheEndOfItsStart() throws Exception {
    Node node = found(data());
    try {
      // By then the mesh thread has done what the start handed over to it.
      node.core().declarations().catalogue().get();

      assertEquals("HTTP/1.1 200 OK", status(node, "127.0.0.1", "/readyz"));
    } finally {
      node.stop();
    }
  }

  private static String statusByName(Node node, String host) throws IOException {
    return status(node, host, "/livez");
  }

  private static String status(Node node, String host, String path) throws IOException {
    int port = node.bound().api().port();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reply =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return String.valueOf(reply.readLine());
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private int up(String... words) throws InterruptedException {
    said = new Said();
    return new UpCommand(said.out, said.talk, Map.of()).run(words(data(), words), "0");
  }

  private static Node found(Path data, String... words) throws StartFailed {
    return switch (ConfigLoader.load(
        Optional.empty(), Map.of(), CommandLineOverrides.parse(words(data, words)))) {
      case ConfigOutcome.Loaded(NodeConfig config, _) -> Node.start(config, "0");
      case ConfigOutcome.Invalid invalid -> throw new AssertionError(invalid.render());
    };
  }

  /// Any free port for what `words` do not say.
  private static List<String> words(Path data, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    for (String flag : List.of("--mesh", "--forward", "--api")) {
      if (!all.contains(flag)) {
        all.addAll(List.of(flag, "127.0.0.1:0"));
      }
    }
    all.addAll(List.of("--name", "a", "--data", data.toString()));
    return all;
  }

  private static List<ServerSocket> fourInARow() throws IOException {
    List<ServerSocket> row = new ArrayList<>();
    for (int port = 20_100; row.size() < 4; port++) {
      ServerSocket socket = new ServerSocket();
      try {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        row.add(socket);
      } catch (IOException e) {
        socket.close();
        close(row);
        row.clear();
      }
    }
    return row;
  }

  private static void close(List<ServerSocket> sockets) throws IOException {
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    while (!Files.exists(file)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
