package io.skein.gossip.transport.jgroups;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.MergeData;
import org.jgroups.util.Digest;
import org.jgroups.util.MergeId;
import org.jgroups.util.Tuple;
import org.jspecify.annotations.Nullable;

/// GMS whose merges do not wait for each other.
///
/// A member takes part in one merge at a time, and JGroups lets time-outs of three and six seconds
/// part them where they cross. Here
/// - who is asked into a second merge says no. JGroups says nothing; it has an answer for this,
///   gives it for errors alone, and drops it where it arrives, for it comes without a view;
/// - a leader who heard nothing but no installs nothing: the view would have its old members and a
///   new number;
/// - who was asked for its digest alone, by the coordinator of its part, is free after a second
///   again. It hears no more of a merge whose view leaves it out, and would say no to the next
///   leader until JGroups gives the first one up;
/// - who is asked into another merge by the same leader is free of the first. A leader leads one at
///   a time, and that it gave one up may arrive before its question;
/// - a view that comes again, or late, is acknowledged. Two coordinators may send the same one to
///   the same member, and the second would wait for its time-out, in the merge all the while.
final class MeshMembership extends GMS {
  private static final Duration DIGEST = Duration.ofSeconds(1);
  private static final Log LOG = LogFactory.getLog(GMS.class);

  private volatile Optional<Question> asked = Optional.empty();
  private volatile Optional<MergeId> joined = Optional.empty();
  private volatile Optional<MergeId> refused = Optional.empty();

  private record Question(MergeId merge, Address leader) {}

  MeshMembership() {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(GMS.class));
  }

  /// Merges are JGroups' own, and told of as such.
  @Override
  public Log getLog() {
    return LOG;
  }

  @Override
  protected @Nullable Object handle(GmsHeader header, Message message) {
    MergeId merge = header.getMergeId();
    Address from = message.getSrc();
    switch (header.getType()) {
      case GmsHeader.MERGE_REQ -> {
        asked
            .filter(before -> before.leader().equals(from) && !before.merge().equals(merge))
            .ifPresent(before -> merger.handleMergeCancelled(before.merge()));
        if (isBusyWithout(merge)) {
          return refuse(from, merge);
        }
        asked = Optional.of(new Question(merge, from));
      }
      case GmsHeader.MERGE_RSP -> {
        if (header.isMergeRejected()) {
          refused = Optional.of(merge);
          merger.handleMergeResponse(new MergeData(from, null, null, true), merge);
          return null;
        }
        if (!from.equals(local_addr)) {
          joined = Optional.of(merge);
        }
      }
      case GmsHeader.INSTALL_MERGE_VIEW -> {
        if (is(merge, refused) && !is(merge, joined)) {
          merger.handleMergeCancelled(merge);
          return null;
        }
      }
      case GmsHeader.GET_DIGEST_REQ -> {
        if (merge != null) {
          var _ = timer.schedule(() -> free(merge), DIGEST.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      case GmsHeader.VIEW -> {
        if (isKnown(message)) {
          sendViewAck(from);
          return null;
        }
      }
      default -> {}
    }
    return super.handle(header, message);
  }

  private static boolean is(MergeId merge, Optional<MergeId> that) {
    return that.filter(merge::equals).isPresent();
  }

  private boolean isBusyWithout(MergeId merge) {
    MergeId running = merger.getMergeId();
    return running != null && !running.equals(merge);
  }

  private @Nullable Object refuse(Address leader, MergeId merge) {
    GmsHeader no = new GmsHeader(GmsHeader.MERGE_RSP);
    no.setMergeId(merge);
    no.setMergeRejected(true);
    return down_prot.down(new EmptyMessage(leader).setFlag(Message.Flag.OOB).putHeader(id, no));
  }

  private void free(MergeId merge) {
    if (!is(merge, asked.map(Question::merge))) {
      merger.handleMergeCancelled(merge);
    }
  }

  /// Whether the view that it brings, or a later one, is installed.
  private boolean isKnown(Message message) {
    ViewId own = getViewId();
    Tuple<View, Digest> told =
        readViewAndDigest(message.getArray(), message.getOffset(), message.getLength());
    return own != null
        && told != null
        && told.val1() != null
        && told.val1().getViewId().compareToIDs(own) <= 0;
  }
}
