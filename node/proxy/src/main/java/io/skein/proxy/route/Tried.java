package io.skein.proxy.route;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import java.util.ArrayList;
import java.util.List;

/// The candidates that one request was tried at. Reused from request to request; allocates nothing
/// before a second try; event loop only.
public final class Tried {
  private final List<Candidate> before = new ArrayList<>(0);
  private Candidate latest = Policy.NOT_TRIED;

  /// Another try begins.
  public void add(Candidate candidate) {
    if (latest != Policy.NOT_TRIED) {
      before.add(latest);
    }
    latest = candidate;
  }

  /// The one tried last, or [Policy#NOT_TRIED].
  public Candidate latest() {
    return latest;
  }

  /// Whether a candidate was tried, by its id: a table that came since has others of the same id.
  public boolean has(Candidate candidate) {
    if (latest.id().equals(candidate.id())) {
      return true;
    }
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).id().equals(candidate.id())) {
        return true;
      }
    }
    return false;
  }

  /// Another request begins.
  public void clear() {
    latest = Policy.NOT_TRIED;
    if (!before.isEmpty()) {
      before.clear();
    }
  }
}
