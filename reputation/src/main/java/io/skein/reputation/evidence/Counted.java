package io.skein.reputation.evidence;

import io.skein.ledger.record.Hash;

/// What one record says of one subject, after capping and the acknowledgement rule, before decay.
///
/// @param window of which window
/// @param ageWindows how much older than the rater's newest outcomes with the subject, 0 to 63: by
///   this it fades
/// @param good outcomes that went well, 0 to 1,000
/// @param bad outcomes that went badly, 0 to 1,000
/// @param record hash of the record
public record Counted(long window, int ageWindows, int good, int bad, Hash record) {}
