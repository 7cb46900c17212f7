package io.skein.api.view;

import java.time.Instant;
import java.util.Optional;

/// A repair.
///
/// @param id hash of its record
/// @param at when it was decided
/// @param signal what was noticed, with figures; may be empty text
/// @param evidence the figures it rests on; may be empty text
/// @param expected what it was to bring about; empty text if it does not say
/// @param outcome what was measured: `worked`, `unchanged`, `worse`, `unknown`; empty text before
///   it was
/// @param measured requests before and after; empty text before they were measured
/// @param kind the diagnosis in full, such as `endpoint-slow`; empty text before it was measured
/// @param diagnosis what that means: `dead`, `failing`, `lying`, `slow`, `silent`, `out-of-disk`,
///   `clock-skewed`, `overloaded`, `ledger-corrupted`, `forecast-wrong`, `parted`, `harmful`,
///   `stranded`; `recovered`, `worse` or `in-vain` of what ends another
/// @param action what was done: `set-aside`, `shift`, `cover`, `avoid`, `drain`, `rebuild`,
///   `fall-back`, `shed`, `rejoin`, `roll-back`, `re-home`, or what ends these: `restore`,
///   `unshift`, `welcome`, `readmit`, `resume`, `rebuilt`, `return`, `relieved`, `rejoined`,
///   `reinstate`, `give-back`
/// @param subject an endpoint's or a node's id, or a service's name
/// @param subjectKind `endpoint`, `node` or `service`
/// @param subjectName for people
/// @param by name of the node that did it
/// @param effect what came of it; empty text while open
/// @param cause id of the repair this one ends, if it ends one
/// @param record hash of the record
public record HealingView(
    String id,
    Instant at,
    String signal,
    String evidence,
    String expected,
    String outcome,
    String measured,
    String kind,
    String diagnosis,
    String action,
    String subject,
    String subjectKind,
    String subjectName,
    String by,
    String effect,
    Optional<String> cause,
    String record) {}
