/// What the API shows, as records. A component's name is the field's name in the answer; an empty
/// `Optional` and a `NaN` become `null`, an `Instant` becomes RFC 3339 text. Tools rely on these
/// names: components may be added, none renamed.
@NullMarked
package io.skein.api.view;

import org.jspecify.annotations.NullMarked;
