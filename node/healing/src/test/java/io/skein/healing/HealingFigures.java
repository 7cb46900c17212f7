package io.skein.healing;

import static io.skein.healing.DiagnosisSimulation.SECOND;

import io.skein.healing.DiagnosisSimulation.Fault;
import io.skein.healing.MeshSimulation.Health;
import io.skein.healing.action.Action.SetAside;
import io.skein.routing.ejection.Ailment;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The figures of the README: how soon each fault is found, and how soon an endpoint is back; false
/// repairs in healthy hours; what self-doubt is worth. Arguments: runs of each fault (20), healthy
/// hours (20).
final class HealingFigures {
  private static final PrintStream OUT = System.out;

  private HealingFigures() {}

  public static void main(String[] arguments) {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    int hours = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
    OUT.println("| fault | found by the first, median (worst) | by all that see it | back after |");
    OUT.println("|---|---|---|---|");
    for (Health health : List.of(Health.REFUSES, Health.FAILS, Health.SLOW)) {
      endpoint(health, runs);
    }
    for (Fault fault : Fault.values()) {
      node(fault, runs);
    }
    lying(runs);
    healthy(hours);
    starved(runs, true);
    starved(runs, false);
  }

  private static void endpoint(Health health, int runs) {
    List<Long> found = new ArrayList<>();
    List<Long> back = new ArrayList<>();
    for (long seed = 1; seed <= runs; seed++) {
      MeshSimulation mesh = new MeshSimulation(5, 5, 10, false, seed);
      mesh.run(10 * SECOND);
      mesh.endpoints.put("e1", health);
      long since = mesh.nowNanos;
      mesh.run(30 * SECOND);
      found.add(mesh.events.getFirst().atNanos() - since);
      mesh.endpoints.put("e1", Health.GOOD);
      long mended = mesh.nowNanos;
      mesh.run(30 * SECOND);
      if (!mesh.restores("e1").isEmpty()) {
        back.add(mesh.restores("e1").getFirst().atNanos() - mended);
      }
    }
    OUT.printf(
        Locale.ROOT,
        "| endpoint %s | %s | 0.1 s later | %s |%n",
        health.name().toLowerCase(Locale.ROOT),
        words(found),
        words(back));
  }

  private static void node(Fault fault, int runs) {
    List<Long> first = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    int missed = 0;
    for (long seed = 1; seed <= runs; seed++) {
      DiagnosisSimulation mesh = new DiagnosisSimulation(5, true, seed);
      mesh.run(20 * SECOND);
      mesh.begin(fault);
      long since = mesh.nowNanos;
      mesh.run(90 * SECOND);
      List<Long> after = mesh.foundAfter(fault, since);
      if (after.isEmpty()) {
        missed++;
      } else {
        first.add(after.getFirst());
        all.add(after.getLast());
      }
    }
    OUT.printf(
        Locale.ROOT,
        "| %s | %s | %s | |%s%n",
        fault.kind,
        words(first),
        words(all),
        missed == 0 ? "" : " not found: " + missed);
  }

  private static void lying(int runs) {
    List<Long> told = new ArrayList<>();
    long times = 0;
    long failed = 0;
    for (long seed = 1; seed <= runs; seed++) {
      MeshSimulation mesh = new MeshSimulation(5, 5, 10, false, seed);
      mesh.run(10 * SECOND);
      mesh.endpoints.put("e1", Health.FAILS_BUT_PROBES_WELL);
      long since = mesh.nowNanos;
      mesh.run(600 * SECOND);
      mesh.setAsides("e1").stream()
          .filter(each -> each.action() instanceof SetAside set && set.diagnosis() == Ailment.LYING)
          .findFirst()
          .ifPresent(each -> told.add(each.atNanos() - since));
      times += mesh.setAsides("e1").size();
      failed += mesh.failed;
    }
    OUT.printf(
        Locale.ROOT,
        "%nan endpoint that lies, 10 minutes, %d runs: told in %d after %s;"
            + " set aside %.1f times, %.0f requests failed%n",
        runs,
        told.size(),
        words(told),
        (double) times / runs,
        (double) failed / runs);
  }

  private static void healthy(int hours) {
    long diagnoses = 0;
    long repairs = 0;
    for (long seed = 1; seed <= hours; seed++) {
      DiagnosisSimulation mesh = new DiagnosisSimulation(5, true, seed);
      mesh.run(3_600 * SECOND);
      diagnoses += mesh.found.size();
      MeshSimulation traffic = new MeshSimulation(3, 5, 5, false, seed);
      traffic.endpoints.replaceAll((_, _) -> Health.NOISY);
      traffic.run(3_600 * SECOND);
      repairs += traffic.events.size();
    }
    OUT.printf(
        "%nhealthy: %d hours, %d false diagnoses, %d false repairs%n", hours, diagnoses, repairs);
  }

  private static void starved(int runs, boolean doubting) {
    long accusations = 0;
    for (long seed = 1; seed <= runs; seed++) {
      DiagnosisSimulation mesh = new DiagnosisSimulation(5, doubting, seed);
      mesh.run(20 * SECOND);
      mesh.starve();
      mesh.run(600 * SECOND);
      accusations += DiagnosisSimulationTest.accusations(mesh);
    }
    OUT.printf(
        "a starved node, 10 minutes, %d runs, %s self-doubt: %d accusations%n",
        runs, doubting ? "with" : "without", accusations);
  }

  private static String words(List<Long> nanos) {
    if (nanos.isEmpty()) {
      return "-";
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%.1f s (%.1f s)",
        sorted.get(sorted.size() / 2) / 1e9,
        sorted.getLast() / 1e9);
  }
}
