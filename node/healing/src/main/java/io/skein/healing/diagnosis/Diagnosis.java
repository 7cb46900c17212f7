package io.skein.healing.diagnosis;

import io.skein.healing.signal.Parting;
import io.skein.routing.ejection.Ailment;
import java.util.List;
import java.util.Locale;

/// What is wrong, with the figures it rests on. A value: the same facts give an equal diagnosis.
public sealed interface Diagnosis {
  /// Every [#kind].
  List<String> KINDS =
      List.of(
          "endpoint-dead",
          "endpoint-failing",
          "endpoint-slow",
          "endpoint-flapping",
          "endpoint-lying",
          "endpoint-stranded",
          "node-dead",
          "node-silent",
          "node-overloaded",
          "node-out-of-disk",
          "node-clock-skewed",
          "node-partitioned",
          "node-parted",
          "link-slow",
          "link-lossy",
          "region-lost",
          "forecast-wrong",
          "ledger-corrupted",
          "change-harmful");

  /// What is affected: an endpoint's id, a node's, a region's or a service's name, two nodes' ids
  /// for a link.
  String subject();

  /// The figures, for people; at most some 200 characters.
  String evidence();

  /// The word for it in records, metrics and the API, such as `endpoint-slow`.
  default String kind() {
    return switch (this) {
      case EndpointDead _ -> "endpoint-dead";
      case EndpointErring _ -> "endpoint-failing";
      case EndpointSlow _ -> "endpoint-slow";
      case EndpointFlapping _ -> "endpoint-flapping";
      case EndpointLying _ -> "endpoint-lying";
      case EndpointStranded _ -> "endpoint-stranded";
      case NodeDead _ -> "node-dead";
      case NodeSilent _ -> "node-silent";
      case NodeOverloaded _ -> "node-overloaded";
      case NodeOutOfDisk _ -> "node-out-of-disk";
      case NodeClockSkewed _ -> "node-clock-skewed";
      case NodePartitioned _ -> "node-partitioned";
      case NodeParted _ -> "node-parted";
      case LinkSlow _ -> "link-slow";
      case LinkLossy _ -> "link-lossy";
      case RegionLost _ -> "region-lost";
      case ForecastWrong _ -> "forecast-wrong";
      case LedgerCorrupted _ -> "ledger-corrupted";
      case ChangeHarmful _ -> "change-harmful";
    };
  }

  /// The kind of its subject: `endpoint`, `node`, `link`, `region` or `service`.
  default String subjectKind() {
    return switch (this) {
      case EndpointDead _,
          EndpointErring _,
          EndpointSlow _,
          EndpointFlapping _,
          EndpointLying _,
          EndpointStranded _ ->
          "endpoint";
      case NodeDead _,
          NodeSilent _,
          NodeOverloaded _,
          NodeOutOfDisk _,
          NodeClockSkewed _,
          NodePartitioned _,
          NodeParted _,
          ForecastWrong _,
          LedgerCorrupted _ ->
          "node";
      case LinkSlow _, LinkLossy _ -> "link";
      case RegionLost _ -> "region";
      case ChangeHarmful _ -> "service";
    };
  }

  /// What the healer's rules found of an endpoint; flapping if it was set aside so often of late,
  /// unless why that is is known.
  ///
  /// @param times how often it was set aside, this time included
  static Diagnosis of(String endpoint, Ailment ailment, String evidence, int times) {
    if (times >= EndpointFlapping.TIMES && ailment != Ailment.LYING) {
      return new EndpointFlapping(endpoint, ailment, times, evidence);
    }
    return switch (ailment) {
      case DEAD -> new EndpointDead(endpoint, evidence);
      case LYING -> new EndpointLying(endpoint, evidence);
      case FAILING -> new EndpointErring(endpoint, evidence);
      case SLOW -> new EndpointSlow(endpoint, evidence);
    };
  }

  /// It accepts no connections.
  record EndpointDead(String subject, String evidence) implements Diagnosis {}

  /// It answers with failures.
  record EndpointErring(String subject, String evidence) implements Diagnosis {}

  /// It answers well, and much later than its like.
  record EndpointSlow(String subject, String evidence) implements Diagnosis {}

  /// It goes and comes back, again and again.
  ///
  /// @param ailment what it goes for this time
  /// @param times how often it was set aside, each soon after it had come back
  record EndpointFlapping(String subject, Ailment ailment, int times, String latest)
      implements Diagnosis {
    /// From so many on.
    static final int TIMES = 3;

    @Override
    public String evidence() {
      return "set aside " + times + " times, each soon after its return; " + latest;
    }
  }

  /// It answers probes well and requests with failures.
  record EndpointLying(String subject, String evidence) implements Diagnosis {}

  /// The node that reaches it for all does not, and another does.
  ///
  /// @param home that node
  /// @param loss what is wrong there
  /// @param goodProbes in a row by the other
  record EndpointStranded(String subject, String home, String loss, int goodProbes)
      implements Diagnosis {
    @Override
    public String evidence() {
      return "its home " + loss + "; " + goodProbes + " good probes in a row from here";
    }
  }

  /// Its connections closed, without a farewell.
  record NodeDead(String subject, long goneNanos) implements Diagnosis {
    @Override
    public String evidence() {
      return "no connection for " + seconds(goneNanos) + ", and no farewell";
    }
  }

  /// It is connected and says nothing.
  record NodeSilent(String subject, long silentNanos) implements Diagnosis {
    @Override
    public String evidence() {
      return "connected, and nothing heard for " + seconds(silentNanos);
    }
  }

  /// It has no processor time left, or its timers come late.
  record NodeOverloaded(String subject, int utilisationMicros, long lateNanos)
      implements Diagnosis {
    @Override
    public String evidence() {
      return "processors "
          + utilisationMicros / 10_000
          + " % busy, timers "
          + lateNanos / 1_000_000
          + " ms late";
    }
  }

  /// It cannot write records, or soon cannot.
  record NodeOutOfDisk(String subject, boolean writes, long freeBytes) implements Diagnosis {
    @Override
    public String evidence() {
      return (writes ? "" : "cannot write records; ") + freeBytes / (1 << 20) + " MiB free";
    }
  }

  /// Its clock differs from what most nodes' clocks show.
  record NodeClockSkewed(String subject, long offsetMillis, int compared) implements Diagnosis {
    @Override
    public String evidence() {
      return String.format(
          Locale.ROOT, "%+.1f s from the median of %d clocks", offsetMillis / 1e3, compared);
    }
  }

  /// Many nodes vanished from this one's sight at once: a split, seen from `subject`.
  record NodePartitioned(String subject, List<String> lost, int of) implements Diagnosis {
    public NodePartitioned {
      lost = List.copyOf(lost);
    }

    @Override
    public String evidence() {
      return lost.size() + " of " + of + " other nodes vanished at once";
    }
  }

  /// Nodes tell of themselves for longer than a merge takes, and are not in the view of `subject`.
  ///
  /// @param apart how many
  /// @param nanos since when one of them, without a pause
  /// @param view how many are in that view, itself among them
  record NodeParted(String subject, int apart, long nanos, int view) implements Diagnosis {
    /// What is seen now, however long it has been so.
    public static NodeParted of(String subject, Parting seen) {
      return new NodeParted(subject, seen.apart().size(), seen.longestNanos(), seen.view().size());
    }

    @Override
    public String evidence() {
      return apart + " heard of for " + seconds(nanos) + " that are not in the view of " + view;
    }
  }

  /// A round trip takes much longer than it did.
  record LinkSlow(String subject, long rttNanos, long usualNanos) implements Diagnosis {
    @Override
    public String evidence() {
      return "round trip " + millis(rttNanos) + ", usually " + millis(usualNanos);
    }
  }

  /// Signs of life that come every second do not come.
  record LinkLossy(String subject, int missed, int expected) implements Diagnosis {
    @Override
    public String evidence() {
      return missed + " of " + expected + " greetings missing";
    }
  }

  /// Every known node of a region is gone.
  record RegionLost(String subject, List<String> nodes) implements Diagnosis {
    public RegionLost {
      nodes = List.copyOf(nodes);
    }

    @Override
    public String evidence() {
      return "all " + nodes.size() + " nodes of it are gone";
    }
  }

  /// What it foresaw of its own load was far off.
  record ForecastWrong(String subject, int errorMicros, long requestsPerSecondMilli)
      implements Diagnosis {
    @Override
    public String evidence() {
      return "past forecasts off by "
          + errorMicros / 10_000
          + " %, at "
          + requestsPerSecondMilli / 1_000
          + " requests/s";
    }
  }

  /// Its ledger found bad bytes on its disk.
  record LedgerCorrupted(String subject, long faults) implements Diagnosis {
    @Override
    public String evidence() {
      return faults + " stored pieces could not be read";
    }
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  /// Most requests of a service fail since it was changed, and hardly any did before.
  ///
  /// @param failed of `requests`, those of the last seconds that failed
  /// @param afterNanos since the change
  record ChangeHarmful(String subject, long failed, long requests, long afterNanos)
      implements Diagnosis {
    @Override
    public String evidence() {
      return String.format(
          Locale.ROOT,
          "%d of %d requests failed %.1f s after a change of the service, hardly any before",
          failed,
          requests,
          afterNanos / 1e9);
    }
  }
}
