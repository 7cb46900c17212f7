/// Configuration: strict YAML with positions, environment and flags bound to validated records.
///
/// Start at [io.skein.app.config.ConfigLoader]; what can be configured is [NodeBinder]'s text.
@NullMarked
package io.skein.app.config;

import org.jspecify.annotations.NullMarked;
