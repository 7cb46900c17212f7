package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.api.Acknowledgement;
import io.skein.api.MeshControl;
import io.skein.api.view.Ladder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InviteFileTest {
  @TempDir private Path directory;

  private final Inviter inviter = new Inviter();

  @Test
  void writesATokenThatOnlyTheOwnerReads() throws IOException {
    Path file = directory.resolve("token");

    new InviteFile(file, inviter).write();

    assertEquals("skein1-token\n", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(List.of("8 PT24H"), inviter.asked);
    assertEquals(List.of(file), files());
  }

  @Test
  void leavesAFileThatIsThereAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "");

    new InviteFile(file, inviter).write();

    assertEquals("", Files.readString(file));
    assertEquals(List.of(), inviter.asked);
  }

  @Test
  void makesNoInviteIfTheDirectoryIsMissing() {
    Path file = directory.resolve("missing").resolve("token");

    new InviteFile(file, inviter).write();

    assertFalse(Files.exists(file.getParent()));
    assertEquals(List.of(), inviter.asked);
  }

  @Test
  void leavesNothingBehindIfNoInviteCanBeMade() throws IOException {
    inviter.answer =
        CompletableFuture.completedFuture(
            new MeshControl.Result.Refused(503, "not-written", "the disk is full", ""));
    new InviteFile(directory.resolve("token"), inviter).write();
    inviter.answer = CompletableFuture.failedFuture(new IOException("gone"));
    new InviteFile(directory.resolve("token"), inviter).write();

    assertEquals(List.of(), files());
  }

  @Test
  void aDraftOfACrashedNodeIsNoObstacle() throws IOException {
    Files.writeString(directory.resolve(".token.new"), "half");

    new InviteFile(directory.resolve("token"), inviter).write();

    assertEquals("skein1-token\n", Files.readString(directory.resolve("token")));
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  /// Makes invites, and nothing else.
  private static final class Inviter implements MeshControl {
    final List<String> asked = new ArrayList<>();
    CompletionStage<Result> answer =
        CompletableFuture.completedFuture(
            new Result.Invited("skein1-token", "key", 8, Instant.EPOCH, "skein up", "record"));

    @Override
    public CompletionStage<Result> createInvite(int uses, Duration validFor) {
      asked.add(uses + " " + validFor);
      return answer;
    }

    @Override
    public List<Fault> routeFaults(String name, String document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> putRoute(String name, String document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> stopExperiment(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> deleteRoute(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Fault> trafficFaults(String traffic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> putService(ServiceRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> deleteService(String service) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<Fault>> contractFaults(String document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> putContract(String name, String document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> deleteContract(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> putEndpoint(EndpointRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> deleteEndpoint(String service, String endpoint) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> drainEndpoint(
        String service, String endpoint, boolean draining) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> drainNode(boolean draining) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> revoke(String member, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Result> rotate(boolean force) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Ladder> await(String record, Acknowledgement wanted, Duration timeout) {
      throw new UnsupportedOperationException();
    }
  }
}
