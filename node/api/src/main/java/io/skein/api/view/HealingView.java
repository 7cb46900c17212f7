package io.skein.api.view;

import java.time.Instant;
import java.util.Optional;

/// A repair.
///
/// @param id hash of its record
/// @param at when it was decided
/// @param signal what was noticed, with figures; may be empty text
/// @param diagnosis what that means: `dead`, `failing`, `slow`, `silent`
/// @param action what was done: `set-aside`, `restore`, `shift`
/// @param subject an endpoint's or a node's id
/// @param subjectKind `endpoint` or `node`
/// @param subjectName for people
/// @param by name of the node that did it
/// @param effect what came of it; empty text while open
/// @param cause id of the repair this one ends, if it ends one
/// @param record hash of the record
public record HealingView(
    String id,
    Instant at,
    String signal,
    String diagnosis,
    String action,
    String subject,
    String subjectKind,
    String subjectName,
    String by,
    String effect,
    Optional<String> cause,
    String record) {}
