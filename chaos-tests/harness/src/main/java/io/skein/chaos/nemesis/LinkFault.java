package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Links;
import io.skein.chaos.driver.Links.OneWay;
import io.skein.chaos.history.FaultMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Faults of the network.
final class LinkFault implements Fault {
  private static final int LOST_PERCENT = 20;
  private static final int DELAY_MILLIS = 100;
  private static final int JITTER_MILLIS = 40;
  private static final int THIN_KILOBITS = 512;
  private static final int FLAP_MILLIS = 1_000;

  private final Links links;
  private final Step step;
  private final List<String> all;
  private long flapped;

  /// @param all the names of all nodes, in the mesh's order
  LinkFault(Links links, Step step, List<String> all) {
    this.links = links;
    this.step = step;
    this.all = List.copyOf(all);
  }

  private List<List<String>> sides() {
    List<String> nodes = step.nodes();
    return switch (step.kind()) {
      case HALVES, FLAPPING ->
          List.of(
              nodes.subList(0, nodes.size() / 2), nodes.subList(nodes.size() / 2, nodes.size()));
      case MINORITY, ISOLATE, ONE_WAY ->
          List.of(nodes, all.stream().filter(node -> !nodes.contains(node)).toList());
      default -> List.of();
    };
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    boolean split =
        switch (step.kind()) {
          case HALVES, MINORITY, ISOLATE -> true;
          default -> false;
        };
    return split ? bare.withSides(sides()) : bare;
  }

  private List<OneWay> directions() {
    List<String> nodes = step.nodes();
    return switch (step.kind()) {
      case RING -> ring(nodes);
      case BRIDGE -> {
        int half = (nodes.size() - 1) / 2;
        yield both(nodes.subList(1, 1 + half), nodes.subList(1 + half, nodes.size()));
      }
      case ONE_WAY ->
          sides().getLast().stream().map(other -> new OneWay(other, nodes.getFirst())).toList();
      default -> both(sides().getFirst(), sides().getLast());
    };
  }

  private static List<OneWay> ring(List<String> nodes) {
    List<OneWay> cut = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (int j = 0; j < nodes.size(); j++) {
        int apart = Math.floorMod(i - j, nodes.size());
        if (apart > 1 && apart < nodes.size() - 1) {
          cut.add(new OneWay(nodes.get(i), nodes.get(j)));
        }
      }
    }
    return cut;
  }

  private static List<OneWay> both(List<String> left, List<String> right) {
    List<OneWay> cut = new ArrayList<>();
    for (String a : left) {
      for (String b : right) {
        cut.add(new OneWay(a, b));
        cut.add(new OneWay(b, a));
      }
    }
    return cut;
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    switch (step.kind()) {
      case LOSS -> links.lose(step.nodes(), LOST_PERCENT);
      case DELAY -> links.delay(step.nodes(), DELAY_MILLIS, JITTER_MILLIS);
      case SLOW_LINK -> links.limit(step.nodes(), THIN_KILOBITS);
      default -> links.cut(directions());
    }
  }

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    if (step.kind() != Kind.FLAPPING) {
      TimeUnit.MILLISECONDS.sleep(millis);
      return;
    }
    boolean cut = true;
    for (long left = millis; left > 0; left -= FLAP_MILLIS) {
      TimeUnit.MILLISECONDS.sleep(Math.min(left, FLAP_MILLIS));
      if (cut) {
        flapped += links.touched();
      }
      cut = !cut;
      links.cut(cut ? directions() : List.of());
    }
  }

  @Override
  public Proof proof() throws IOException, InterruptedException {
    long packets = links.touched() + flapped;
    return new Proof(packets > 0, packets + " packets");
  }

  @Override
  public void end() throws IOException, InterruptedException {
    links.heal();
  }
}
