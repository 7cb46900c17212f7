package io.skein.app.mesh;

import io.skein.healing.diagnosis.Diagnosis;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Tells in events what is found wrong with nodes, links and regions, and that it is over. Members
/// that go or fall silent have events of their own. Confined to the mesh thread.
final class Findings {
  private final MeshCore core;
  private Map<String, Diagnosis> told = Map.of();

  Findings(MeshCore core) {
    this.core = core;
  }

  /// This is wrong now.
  void tell(List<Diagnosis> diagnoses) {
    if (diagnoses.isEmpty() && told.isEmpty()) {
      return;
    }
    Map<String, Diagnosis> now = new TreeMap<>();
    for (Diagnosis diagnosis : diagnoses) {
      if (!(diagnosis instanceof Diagnosis.NodeDead)
          && !(diagnosis instanceof Diagnosis.NodeSilent)) {
        now.put(diagnosis.kind() + " " + diagnosis.subject(), diagnosis);
      }
    }
    now.forEach((key, diagnosis) -> {
      if (!told.containsKey(key)) {
        core.events()
            .add(
                "healing",
                "warning",
                name(core.names(), diagnosis),
                diagnosis.kind() + ": " + diagnosis.evidence());
      }
    });
    told.forEach((key, diagnosis) -> {
      if (!now.containsKey(key)) {
        core.events()
            .add("healing", "info", name(core.names(), diagnosis), diagnosis.kind() + " is over");
      }
    });
    told = now;
  }

  /// The subject for people.
  static String name(Names names, Diagnosis diagnosis) {
    return switch (diagnosis.subjectKind()) {
      case "node" -> names.ofText(diagnosis.subject());
      case "link" ->
          Arrays.stream(diagnosis.subject().split(" "))
              .map(names::ofText)
              .collect(Collectors.joining(" – "));
      default -> diagnosis.subject();
    };
  }
}
