package io.skein.app.config;

import java.nio.file.Path;
import java.util.Optional;

/// Section `node`: who this node is.
///
/// @param name its name for people; default: the host's name
/// @param region where it stands; endpoints and traffic prefer their own region
/// @param zone failure domain within the region; may be empty
/// @param data directory of its key, its ledger and the addresses it has seen
/// @param passphraseFile file whose first line its key is encrypted with; empty: the key is plain
public record IdentityConfig(
    String name, String region, String zone, Path data, Optional<Path> passphraseFile) {
  public IdentityConfig {
    Limits.name(name);
    Limits.catalogueName(region);
    Limits.catalogueNameOrNothing(zone);
  }
}
