package io.skein.gossip.membership;

import java.util.Optional;

/// A member came or changed its state.
///
/// @param before its state until now; empty for one never seen
/// @param member how it stands now
public record MemberChange(Optional<MemberState> before, Member member) {}
