package io.skein.chaos.nemesis;

import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A node that does nothing but remember what was done to it.
class BareNode implements NodeHandle {
  final List<String> done = new ArrayList<>();
  private final Target target;
  private boolean running = true;
  private long pid = 1;
  private boolean next;
  private boolean upgraded;

  BareNode(String name, HostPort at) {
    this.target = new Target(name, at, at);
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean running() {
    return running;
  }

  @Override
  public void kill() {
    done.add("kill");
    running = false;
  }

  @Override
  public void terminate(Duration limit) {
    done.add("terminate");
    running = false;
  }

  @Override
  public void start() {
    done.add("start");
    running = true;
    upgraded = next;
    pid++;
  }

  @Override
  public void startWithoutSeed() {
    start();
  }

  @Override
  public void startAsNewcomer() {
    start();
  }

  @Override
  public void startAsNewcomer(HostPort seed, String token) {
    done.add("join by " + token);
    running = true;
  }

  @Override
  public HostPort meshAt() {
    return target.api();
  }

  @Override
  public int startWithExpiredInvite(Duration limit) {
    return 4;
  }

  @Override
  public void awaitReady(Duration limit) {
    done.add("ready");
  }

  @Override
  public void pause(boolean paused) {}

  @Override
  public boolean paused() {
    return false;
  }

  @Override
  public void starve(int percent) {}

  @Override
  public boolean starved() {
    return false;
  }

  @Override
  public void starveMemory(boolean starved) {}

  @Override
  public long memoryShortages() {
    return 0;
  }

  @Override
  public boolean killForMemory(Duration limit) {
    return false;
  }

  @Override
  public void skew(int seconds) {}

  @Override
  public void delaySyncs(int millis) {
    done.add("delay " + millis);
  }

  @Override
  public long delayedSyncs() {
    return 0;
  }

  @Override
  public void upgrade() {
    next = true;
  }

  @Override
  public boolean upgraded() {
    return upgraded;
  }

  @Override
  public Path disk() {
    return Path.of("none");
  }

  @Override
  public void smallDisk(int freeMebibytes) {}

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public boolean endpointRunning() {
    return true;
  }

  @Override
  public void endpoint(boolean running) {}

  @Override
  public HostPort endpointAt() {
    return target.api();
  }

  @Override
  public void pauseEndpoint(boolean paused) {}

  @Override
  public boolean endpointPaused() {
    return false;
  }

  @Override
  public String lastLog(int lines) {
    return "";
  }
}
