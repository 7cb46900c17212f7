package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;

/// What the genesis says of the mesh.
///
/// @param name the mesh's name for people
/// @param windowMillis length of a performance window
/// @param meshId hash of the genesis
/// @param founder who wrote it
public record MeshInfo(String name, long windowMillis, Hash meshId, NodeId founder) {}
