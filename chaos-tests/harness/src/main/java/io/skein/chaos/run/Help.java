package io.skein.chaos.run;

import io.skein.chaos.nemesis.Kind;
import io.skein.chaos.workload.Workloads;
import java.util.Locale;

/// What `skein chaos --help` prints.
final class Help {
  private Help() {}

  static String text() {
    StringBuilder kinds = new StringBuilder();
    for (Kind kind : Kind.values()) {
      kinds.append(String.format(Locale.ROOT, "  %-15s %s%n", kind.word(), kind.text()));
    }
    return """
    Starts a mesh on this machine, uses it and breaks it by a plan drawn from a seed, and tells
    whether it kept its promises: nothing acknowledged lost, nothing twice, all nodes equal
    after faults, every request answered by whom it was for.

    Examples:
      skein chaos                                       # 10 minutes, 5 nodes, everything
      skein chaos --minutes 2 --nemesis halves,kill     # only these faults
      skein chaos --minutes 60 --nemesis none           # an hour without faults: what is repaired?
      skein chaos --seed 7 --report chaos.html --history chaos.jsonl
      skein chaos --against eu:9700 us:9700 ap:9700     # a mesh that runs already
      skein chaos --driver containers                   # each node in a container

    Usage: skein chaos [FLAGS]

      --nodes N          nodes to start, 3 to 15 (default: 5)
      --minutes M        how long it is broken, 0.25 to 1440 (default: 10)
      --nemesis A,B,…    only these faults (default: all that are possible here); none: no faults
      --together N       every Nth fault comes together with one of another sort, a split with a kill;
                         0: none does, 1: each (default: 4)
      --hold SECONDS     each fault lasts so long, 5 to 7200, a short pause excepted (default: 5 to 30 s,
                         a twelfth of the run at most)
      --workload A,B,…   only these clients, of: @WORKLOADS@ (default: all)
      --seed N           draws the plan; the same seed gives the same plan (default: chosen)
      --report FILE      writes a page with plots
      --history FILE     writes what happened, a line of JSON each
      --against HOST:PORT…   APIs of a mesh that runs: only faults that need no access to its
                         machines, no traffic and no connections; its catalogue gets services
                         called chaos-…, which are removed again
      --driver NAME      namespaces: processes, each node in a network namespace of its own; needs
                         root. containers: by the docker command. loopback: processes on
                         127.0.0.1, only they are broken, not the network. auto: the first of
                         these that is possible here (default)
      --image NAME       what containers are made of: Java 25, sh, iptables, tc
                         (default: SKEIN_BASE_IMAGE, else skein-base:local)
      --upgrade-from DIR starts the nodes with another distribution, unpacked there; the fault
                         'upgrade' restarts them, once in a run, with the one under test

    Everything made is removed at the end, also after Ctrl-C.

    Faults:
    @KINDS@
    Exit: 0 passed; 1 a promise was broken; 2 usage; 3 the mesh did not start or broke off.
    """
        .replace("@WORKLOADS@", String.join(", ", Workloads.NAMES))
        .replace("@KINDS@\n", kinds);
  }
}
