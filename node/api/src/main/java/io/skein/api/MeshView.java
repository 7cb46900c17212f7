package io.skein.api;

import io.skein.api.view.ClassesView;
import io.skein.api.view.ContractView;
import io.skein.api.view.DigestView;
import io.skein.api.view.DirectoryView;
import io.skein.api.view.EventView;
import io.skein.api.view.ExperimentView;
import io.skein.api.view.ExplanationView;
import io.skein.api.view.FeedPageView;
import io.skein.api.view.ForecastView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.HealingStateView;
import io.skein.api.view.HealingView;
import io.skein.api.view.HistoryView;
import io.skein.api.view.InviteView;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.LedgerView;
import io.skein.api.view.LinkView;
import io.skein.api.view.MemberView;
import io.skein.api.view.NodeView;
import io.skein.api.view.OverviewView;
import io.skein.api.view.OwnerView;
import io.skein.api.view.ReadyCheck;
import io.skein.api.view.RecordView;
import io.skein.api.view.ReputationView;
import io.skein.api.view.RouteView;
import io.skein.api.view.ServiceView;
import io.skein.api.view.ShadowView;
import io.skein.api.view.Stamp;
import io.skein.api.view.StrengthsView;
import io.skein.api.view.TrafficView;
import io.skein.api.view.WhyView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The mesh as this node sees it, for reading.
///
/// Every method may be called from any thread, at any rate, and returns at once: the synchronous
/// ones hand out immutable snapshots that somebody else publishes; what may have to be read or
/// computed comes as a [CompletionStage], completed on any thread. Nothing returned is changed
/// later. Lists are complete and in a stable order unless a method says otherwise.
public interface MeshView {
  /// Who looks: this node's name.
  String asSeenBy();

  /// Who looks, and when the snapshot was taken.
  Stamp stamp();

  /// This node.
  NodeView node();

  /// All members, this node included.
  List<MemberView> members();

  /// Measured or estimated distances and forwarded traffic between members.
  List<LinkView> links();

  /// The catalogue with every endpoint's state as seen here.
  List<ServiceView> services();

  /// What is learned of the classes of a service's requests; nothing of an unknown service.
  ClassesView classes(String service);

  /// The mesh's routes by name.
  CompletionStage<List<RouteView>> routes();

  /// The experiments on routes, those that run first, then those that ended, newest first.
  CompletionStage<List<ExperimentView>> experiments();

  /// The mesh's contracts by name, with what they say now.
  CompletionStage<List<ContractView>> contracts();

  /// What this node would do with a request.
  CompletionStage<ExplanationView> explain(Question question);

  /// A request that somebody asks about.
  ///
  /// @param method in upper case
  /// @param host perhaps with a port; may be empty
  /// @param path path and query
  /// @param fields values of header fields by their names in lower case
  record Question(String method, String host, String path, Map<String, List<String>> fields) {
    public Question {
      fields = Map.copyOf(fields);
    }
  }

  /// This node's copy of the replicated directory.
  CompletionStage<DirectoryView> directory();

  /// Proofs and tiles of feeds.
  LedgerProofs proofs();

  /// What this node did with a request.
  ///
  /// @param id 26 characters of base32
  CompletionStage<ReceiptAnswer> receipt(String id);

  /// The figures of the first tiles.
  OverviewView overview();

  /// Forecasts by subject.
  List<ForecastView> forecast();

  /// Who stands in for whom.
  List<ShadowView> shadows();

  /// Repairs, newest first.
  ///
  /// @param limit at most so many, at least 1
  List<HealingView> healing(int limit);

  /// What is wrong now, and how healing stands on this node.
  default HealingStateView healingState() {
    return HealingStateView.NONE;
  }

  /// How strongly each action is advised, and the records it follows from, as of the question.
  CompletionStage<StrengthsView> strengths();

  /// Who decides about repairs of each endpoint, each service, and each node that is gone or still
  /// covered, as of the question.
  CompletionStage<List<OwnerView>> owners();

  /// Scores of all subjects and the roots they follow from.
  ReputationView reputation();

  /// Raters, windows and records behind one score; empty for an unknown subject.
  ///
  /// @param subject an endpoint's id (`orders/eu-1`) or a node's id
  CompletionStage<Optional<WhyView>> why(String subject);

  /// One subject's scores over the last 64 windows, since this node runs; empty for an unknown
  /// subject.
  CompletionStage<Optional<HistoryView>> history(String subject);

  /// Last record of each feed held here, a moment ago.
  HeadsView heads();

  /// Last record of each feed held here, as of the question: who asks after a write was
  /// acknowledged finds it.
  CompletionStage<HeadsView> newestHeads();

  /// What this node keeps of the ledger.
  CompletionStage<LedgerView> ledger();

  /// Records by author, type, subject and time, a page at a time. A page ends early when much had
  /// to be looked at to find little; its cursor goes on from there.
  CompletionStage<LedgerAnswer<LedgerPageView>> search(LedgerQuery query);

  /// Digests of stretches of ledger time, equal on two nodes if these hold the same records there.
  CompletionStage<LedgerAnswer<DigestView>> digest(DigestQuery query);

  /// A stretch of one feed in rising sequence; empty if there is no such feed. It may hold fewer
  /// records than wanted although there are more.
  ///
  /// @param author a node's id in text form
  /// @param epoch the epoch, unsigned
  /// @param from first sequence number wanted, at least 1
  /// @param limit at most so many records, 1 to 1,000
  CompletionStage<Optional<FeedPageView>> feedPage(String author, long epoch, long from, int limit);

  /// One record by the 64 hexadecimal digits of its hash.
  CompletionStage<Optional<RecordView>> record(String hash);

  /// Records as they arrived here, newest first, from memory.
  ///
  /// @param limit at most so many, at least 1
  List<RecordView> tail(int limit);

  /// Invites that still admit somebody or did.
  List<InviteView> invites();

  /// Named checks; the node is ready if all pass.
  List<ReadyCheck> readiness();

  /// Time series in steps of one second, per endpoint, of one service or of all.
  ///
  /// @param service a service's name; empty for all
  /// @param seconds how far back, 1 to 600; fewer points are given if fewer are kept
  TrafficView traffic(Optional<String> service, int seconds);

  /// What happened, newest first: members come and go, endpoints change state, repairs.
  ///
  /// @param limit at most so many, at least 1
  List<EventView> events(int limit);
}
