package io.skein.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The engine and the images that the container tests need.
final class Docker {
  private static final String BASE_IMAGE =
      System.getenv().getOrDefault("SKEIN_BASE_IMAGE", "skein-base:local");
  private static final String NODE_IMAGE = "skein-node:chaos";
  private static final Path HOME =
      Path.of(System.getProperty("skein.home", "../deploy/target/skein"));

  private Docker() {}

  /// Why container tests cannot run here; empty if they can.
  static String missing() {
    try {
      if (run(20, List.of("docker", "info", "--format", "{{.ServerVersion}}")) != 0) {
        return "no Docker engine answers; chaos-tests/docker/engine-up.sh starts one";
      }
      if (run(20, List.of("docker", "image", "inspect", BASE_IMAGE)) != 0) {
        return "no image " + BASE_IMAGE + "; chaos-tests/docker/base-image.sh makes it";
      }
      return "";
    } catch (IOException e) {
      return "no docker client: " + e.getMessage();
    }
  }

  /// Builds the node image from the distribution and returns its name.
  static String nodeImage() throws IOException {
    Path target =
        Objects.requireNonNull(HOME.toAbsolutePath().normalize().getParent(), "parent of " + HOME);
    int exit =
        run(
            180,
            List.of(
                "docker",
                "build",
                "-q",
                "--build-arg",
                "BASE_IMAGE=" + BASE_IMAGE,
                "-f",
                target.resolveSibling("Dockerfile").toString(),
                "-t",
                NODE_IMAGE,
                target.toString()));
    if (exit != 0) {
      throw new IOException("docker build of " + NODE_IMAGE + " failed");
    }
    return NODE_IMAGE;
  }

  private static int run(long limitSeconds, List<String> command) throws IOException {
    Path output = Files.createTempFile("skein-docker-", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": no end within " + limitSeconds + " s");
      }
      if (process.exitValue() != 0) {
        System.err.print(Files.readString(output, StandardCharsets.UTF_8));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
