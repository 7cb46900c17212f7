package io.skein.api.view;

import java.time.Instant;

/// An invite, without its secret.
///
/// @param inviteKey public half in hexadecimal
/// @param issuer name of the node that made it
/// @param uses how many identities it admits
/// @param used how many joined by it
/// @param expiresAt after which it admits nobody
/// @param record hash of its record
/// @param usesLeft how many more it admits, if it is open
/// @param issuerId identity of the node that made it
/// @param state `open`, `used-up`, `expired`, or `ended` because its issuer was revoked
public record InviteView(
    String inviteKey,
    String issuer,
    int uses,
    int used,
    Instant expiresAt,
    String record,
    int usesLeft,
    String issuerId,
    String state) {}
