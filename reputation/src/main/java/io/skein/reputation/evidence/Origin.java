package io.skein.reputation.evidence;

/// As whom a rater counts beside others: numbers that are equal for those who count as one.
///
/// @param token of those who came through the same invites; whole branches
/// @param branch of a member and whom it let in, by itself or through those it let in
public record Origin(int token, int branch) {}
