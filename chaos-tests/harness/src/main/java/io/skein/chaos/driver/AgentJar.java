package io.skein.chaos.driver;

import io.skein.chaos.agent.SlowSync;
import io.skein.chaos.agent.SlowSyncAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// The agent that delays a node's syncs, as a file of its own: so it does not matter which build
/// the node is of.
final class AgentJar {
  private static final List<Class<?>> AGENT = List.of(SlowSync.class, SlowSyncAgent.class);

  private AgentJar() {}

  /// Writes it.
  static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Premain-Class", SlowSyncAgent.class.getName());
    main.putValue("Can-Redefine-Classes", "true");
    // The JDK's own classes call it, and see only what the boot loader has.
    main.putValue("Boot-Class-Path", jar.getFileName().toString());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Class<?> one : AGENT) {
        for (Class<?> part : one.getNestMembers()) {
          add(out, part.getName().replace('.', '/'));
        }
      }
    }
  }

  private static void add(JarOutputStream out, String name) throws IOException {
    out.putNextEntry(new ZipEntry(name + ".class"));
    try (InputStream bytes = AgentJar.class.getResourceAsStream('/' + name + ".class")) {
      if (bytes == null) {
        throw new IOException("no class " + name);
      }
      bytes.transferTo(out);
    }
  }
}
