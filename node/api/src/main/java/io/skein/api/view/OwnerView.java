package io.skein.api.view;

import java.util.Optional;

/// Who decides about repairs of one subject, as the node sees it that was asked.
///
/// @param subject an endpoint's id, a service's name or a node's id
/// @param subjectKind `endpoint`, `service` or `node`
/// @param subjectName a node's name, else as `subject`
/// @param owner name of the node that decides at once; empty if no live node may
/// @param ownerId its id
/// @param self whether that is the node that was asked
/// @param next name of the node that decides if the owner does not
/// @param able how many live nodes may decide
public record OwnerView(
    String subject,
    String subjectKind,
    String subjectName,
    Optional<String> owner,
    Optional<String> ownerId,
    boolean self,
    Optional<String> next,
    int able) {}
