package io.skein.app.mesh;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/// A document of a record, for people and scripts.
final class DocumentJson {
  private DocumentJson() {}

  /// Its members; the text itself where it is no JSON object.
  static Object of(String document) {
    try {
      return new JsonObject(document);
    } catch (DecodeException _) {
      return document;
    }
  }
}
