package io.skein.api.view;

import java.util.OptionalDouble;

/// A member as this node sees it.
///
/// @param name for people
/// @param id identity in text form
/// @param region where it stands
/// @param zone failure domain; may be empty text
/// @param state `alive`, `suspect`, `dead`, `left`; with `draining` for an alive one taken out
/// @param self whether it is the node that answers
/// @param address host:port of its mesh port; empty text if unknown
/// @param rttMs round trip in milliseconds; empty for the node itself and if unknown
/// @param lastSeenSeconds since something was heard of it; 0 for the node itself
/// @param load requests in flight by capacity, 0 to 1 and above; empty if unknown
/// @param forecastLoad the same, forecast 30 s ahead; empty if unknown
/// @param reputation score 0 to 1; empty if unknown
/// @param ledger `in sync`, or how far apart, such as `12 behind`
/// @param headsRoot root of the feeds it holds, as it last said, in hexadecimal; may be empty text
/// @param repRoot root of its scores, as it last said; may be empty text
public record MemberView(
    String name,
    String id,
    String region,
    String zone,
    String state,
    boolean self,
    String address,
    OptionalDouble rttMs,
    double lastSeenSeconds,
    OptionalDouble load,
    OptionalDouble forecastLoad,
    OptionalDouble reputation,
    String ledger,
    String headsRoot,
    String repRoot) {}
