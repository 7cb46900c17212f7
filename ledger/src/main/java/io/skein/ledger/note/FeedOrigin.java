package io.skein.ledger.note;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A feed's name in notes: `skein/<mesh id>/<author>/<epoch>`, the mesh id as 64 and the epoch as
/// 16 hexadecimal digits, the author in its text form. Also the name of the author's key.
///
/// @param meshId the mesh
/// @param feed a feed of it
public record FeedOrigin(Hash meshId, FeedId feed) {
  private static final Pattern FORM =
      Pattern.compile("skein/([0-9a-f]{64})/([a-z2-7]{26})/([0-9a-f]{16})");

  /// Reads the text form, of which each feed has one.
  ///
  /// @throws NoteException if `text` is anything else
  public static FeedOrigin parse(String text) throws NoteException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new NoteException("origin: not skein/<mesh id>/<author>/<epoch>");
    }
    try {
      return new FeedOrigin(
          Hash.parse(form.group(1)),
          new FeedId(NodeId.parse(form.group(2)), HexFormat.fromHexDigitsToLong(form.group(3))));
    } catch (IllegalArgumentException e) {
      throw new NoteException("origin: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "skein/" + meshId + "/" + feed.author() + "/" + HexFormat.of().toHexDigits(feed.epoch());
  }
}
