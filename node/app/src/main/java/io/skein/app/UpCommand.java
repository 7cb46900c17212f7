package io.skein.app;

import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigSource;
import io.skein.app.config.ListenerConfig;
import io.skein.app.config.NodeConfig;
import io.skein.ledger.key.SignatureLibrary;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/// `skein up`: runs a node until SIGTERM or Ctrl-C.
final class UpCommand {
  private final PrintStream out;
  private final PrintStream talk;
  private final Map<String, String> environment;

  UpCommand(PrintStream out, PrintStream talk, Map<String, String> environment) {
    this.out = out;
    this.talk = talk;
    this.environment = environment;
  }

  /// Runs until the process is told to end. Returns the exit code if the node could not start.
  int run(List<String> words, String version) throws InterruptedException {
    CommandLineOverrides flags = CommandLineOverrides.parse(words);
    if (flags.helpWanted()) {
      out.print(CommandLineOverrides.helpText());
      return 0;
    }
    // Beside reading the configuration, which needs neither.
    Beside<ILoggerFactory> log = Beside.begin("log", LoggerFactory::getILoggerFactory);
    Thread.ofPlatform().daemon().name("skein-tables").start(SignatureLibrary::prepare);
    ConfigSource source = new ConfigSource(flags.configFile(environment), environment, flags);
    ConfigOutcome.Loaded started;
    switch (ContractConditions.checked(source.load())) {
      case ConfigOutcome.Loaded loaded -> started = loaded;
      case ConfigOutcome.Invalid invalid -> {
        talk.print(invalid.render());
        return StartFailed.USAGE;
      }
    }
    NodeConfig config = started.config();
    CountDownLatch up;
    Node node;
    try {
      // Who asks for a logger before this gets one that hands on to logback's.
      log.outcome();
      Logging.apply(config.log());
      up = NativeSignatures.soon();
      node = Node.start(source, started, version);
    } catch (StartFailed e) {
      talk.println("skein: " + e.getMessage());
      return e.exitCode();
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.stop();
                  stopped.countDown();
                  // The runtime would end with 143 after a signal; a drained node ended well.
                  Runtime.getRuntime().halt(0);
                },
                "skein-stop"));
    if (source.file().isPresent() && !Hangup.atTerminal()) {
      Hangup.means(() -> node.reloading().reload(false));
    }
    banner(config, node.bound());
    flags.readyFile(environment).ifPresent(file -> writeReady(config, file, node.bound()));
    up.countDown();
    stopped.await();
    return 0;
  }

  private void banner(NodeConfig config, Node.Bound bound) {
    talk.println("node: " + config.node().name() + " in region " + config.node().region());
    talk.println("data: " + config.node().data().toAbsolutePath());
    talk.println(
        "mesh: "
            + bound.mesh()
            + (bound.founded() ? ", founded mesh '" + bound.meshName() + "'" : ""));
    talk.println("api: http://" + bound.api() + "/");
    bound
        .listeners()
        .forEach((name, address) ->
            talk.println("listener " + name + ": " + scheme(config, name) + "://" + address));
    if (bound.founded()) {
      talk.println("next node, on this machine or another:");
      talk.println("  skein invite --api http://" + bound.api() + " > token");
      talk.println(
          "  skein up --name NAME --region REGION --seed "
              + config.mesh().advertise().orElse(bound.mesh())
              + " --token-file token"
              + (bound.mesh().isLoopback()
                  ? " --mesh 127.0.0.1:0 --api 127.0.0.1:0 --data DIR"
                  : ""));
    }
    talk.flush();
  }

  private static String scheme(NodeConfig config, String listener) {
    return config.listeners().stream()
        .filter(each -> each.name().equals(listener))
        .map(ListenerConfig::scheme)
        .findFirst()
        .orElse("http");
  }

  private void writeReady(NodeConfig config, Path file, Node.Bound bound) {
    JsonObject listeners = new JsonObject();
    bound
        .listeners()
        .forEach((name, address) -> listeners.put(name, scheme(config, name) + "://" + address));
    JsonObject ready =
        new JsonObject()
            .put("mesh", bound.mesh().toString())
            .put("forward", bound.forward().toString())
            .put("api", "http://" + bound.api())
            .put("listeners", listeners)
            .put("pid", ProcessHandle.current().pid());
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, ready.encodePrettily() + "\n", StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      talk.println("skein: --ready-file " + file + " could not be written: " + e.getMessage());
    }
  }
}
