package io.skein.api.view;

import java.util.List;

/// The last record of each feed.
///
/// @param heads by author, then epoch
/// @param headsRoot root over them, in hexadecimal
public record HeadsView(List<HeadView> heads, String headsRoot) {
  public HeadsView {
    heads = List.copyOf(heads);
  }
}
