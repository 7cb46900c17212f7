package io.skein.app.contract;

import io.skein.app.config.Document;
import io.skein.app.contract.Rules.Compiled;
import io.skein.app.traffic.Clause;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ContractChange;
import io.skein.reputation.contract.Contract;
import io.skein.reputation.contract.Judge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Folds contract records: of several changes with one name the newest by hybrid clock, then by
/// author, stands. A contract whose document or condition is faulty stands as well, with its
/// faults, and is not judged.
///
/// Conditions are compiled in the background, since the first loads a library; until those that
/// stand are compiled nothing that depends on them is [settled][#settled]. Confined to the mesh
/// thread, but for [#check].
public final class Contracts {
  private final Supplier<Rules> library;
  private final Executor background;
  private final Executor mesh;
  private final Runnable onCompiled;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, Compiled> compiled = new HashMap<>();
  private final Set<String> compiling = new HashSet<>();
  private Optional<Rules> rules = Optional.empty();
  private long ignored;

  /// One contract that stands, or stood and was removed.
  private record Entry(long hlc, NodeId author, ContractChange change, Document<Clause> bound) {
    boolean stands() {
      return change instanceof ContractChange.PutContract;
    }

    boolean after(long otherHlc, NodeId otherAuthor) {
      int order = Long.compareUnsigned(hlc, otherHlc);
      return order != 0 ? order > 0 : author.compareTo(otherAuthor) >= 0;
    }
  }

  /// A contract for people.
  ///
  /// @param clause what it says; of no meaning with faults
  /// @param faults why it is not judged; else empty
  /// @param compiling whether it is not judged yet
  public record Standing(
      String name,
      String document,
      long hlc,
      NodeId author,
      Clause clause,
      List<String> faults,
      boolean compiling) {}

  /// @param library loads the expression library; called once, in the background
  /// @param background runs what takes long
  /// @param mesh runs something on the mesh thread
  /// @param onCompiled hears, there, that more can be judged than before
  public Contracts(
      Supplier<Rules> library, Executor background, Executor mesh, Runnable onCompiled) {
    this.library = library;
    this.background = background;
    this.mesh = mesh;
    this.onCompiled = onCompiled;
  }

  /// Takes in a change. Returns whether something may be judged otherwise now.
  public boolean apply(ContractChange change, long hlc, NodeId author) {
    Entry held = entries.get(change.name());
    if (held != null && held.after(hlc, author)) {
      return false;
    }
    String document =
        switch (change) {
          case ContractChange.PutContract put -> put.document();
          case ContractChange.RemoveContract _ -> "";
        };
    Document<Clause> bound = Document.contract(document);
    if (change instanceof ContractChange.PutContract && !bound.good()) {
      ignored++;
    }
    entries.put(change.name(), new Entry(hlc, author, change, bound));
    return true;
  }

  /// One without any records, for which need not be compiled what was for this.
  public Contracts anew() {
    Contracts anew = new Contracts(library, background, mesh, onCompiled);
    anew.compiled.putAll(compiled);
    return anew;
  }

  /// Whether no contract stands.
  public boolean isEmpty() {
    return entries.values().stream().noneMatch(Entry::stands);
  }

  /// Whether every contract that is to be judged is compiled.
  public boolean settled() {
    return compiling.isEmpty();
  }

  /// What can be judged now; what is not compiled yet will be.
  ///
  /// @param windowMillis length of a window
  public List<Contract> judged(long windowMillis) {
    List<Contract> judged = new ArrayList<>();
    Set<String> wanted = new HashSet<>();
    int place = 0;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (!entry.stands() || place++ >= Judge.MOST_CONTRACTS || !entry.bound().good()) {
        continue;
      }
      String require = entry.bound().value().require();
      wanted.add(require);
      switch (compiled.get(require)) {
        case null -> compile(require);
        case Compiled.Faulty _ -> {
          // Told of in its standing.
        }
        case Compiled.Usable(var condition) ->
            judged.add(
                new Contract(
                    each.getKey(),
                    entry.bound().value().terms(),
                    condition,
                    HybridClock.millis(entry.hlc()) / windowMillis + 1));
      }
    }
    compiled.keySet().retainAll(wanted);
    return judged;
  }

  private void compile(String require) {
    if (!compiling.add(require)) {
      return;
    }
    background.execute(() -> {
      Compiled result = compiled(require);
      mesh.execute(() -> {
        compiling.remove(require);
        compiled.put(require, result);
        ignored += result instanceof Compiled.Faulty ? 1 : 0;
        onCompiled.run();
      });
    });
  }

  private Compiled compiled(String require) {
    try {
      return rules().compile(require);
    } catch (RuntimeException | LinkageError e) {
      return new Compiled.Faulty("1:1: " + e.getMessage());
    }
  }

  private synchronized Rules rules() {
    if (rules.isEmpty()) {
      rules = Optional.of(library.get());
    }
    return rules.get();
  }

  /// What is wrong with a document, its condition included; completes on any thread. Any thread.
  public CompletableFuture<List<Document.Fault>> check(String document) {
    Document<Clause> bound = Document.contract(document);
    if (!bound.good()) {
      return CompletableFuture.completedFuture(bound.faults());
    }
    return CompletableFuture.supplyAsync(
        () ->
            switch (compiled(bound.value().require())) {
              case Compiled.Usable _ -> List.of();
              case Compiled.Faulty(String message) ->
                  List.of(new Document.Fault("/require", message));
            },
        background);
  }

  /// How many contracts came that are not judged, because of faults in their documents or their
  /// conditions.
  public long ignored() {
    return ignored;
  }

  /// All contracts that stand, by name.
  public List<Standing> standing() {
    List<Standing> all = new ArrayList<>();
    entries.forEach((name, entry) -> {
      if (entry.change() instanceof ContractChange.PutContract put) {
        List<String> faults = new ArrayList<>();
        entry.bound().faults().forEach(each -> faults.add(each.pointer() + ": " + each.message()));
        String require = entry.bound().value().require();
        if (entry.bound().good() && all.size() >= Judge.MOST_CONTRACTS) {
          faults.add("not among the first " + Judge.MOST_CONTRACTS + " by name");
        } else if (entry.bound().good()
            && compiled.get(require) instanceof Compiled.Faulty(String message)) {
          faults.add("/require: " + message);
        }
        all.add(
            new Standing(
                name,
                put.document(),
                entry.hlc(),
                entry.author(),
                entry.bound().value(),
                faults,
                compiling.contains(require)));
      }
    });
    return all;
  }
}
