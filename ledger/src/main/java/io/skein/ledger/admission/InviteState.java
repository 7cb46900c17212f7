package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Hash;
import java.util.OptionalLong;

/// An invite that a member issued, and what is left of it.
///
/// @param record hash of its record
/// @param inviteKey public half of the invite key
/// @param issuer who issued it
/// @param uses how many identities it admits in all
/// @param usesLeft how many more
/// @param expiresAtMillis Unix milliseconds after which it admits nobody
/// @param endedHlc hybrid-clock time from which it admits nobody because its issuer, or one whom
///   its issuer's identity was handed on to, was revoked
public record InviteState(
    Hash record,
    PublicKey inviteKey,
    NodeId issuer,
    int uses,
    int usesLeft,
    long expiresAtMillis,
    OptionalLong endedHlc) {}
