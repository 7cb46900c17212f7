/// Conditions in the Common Expression Language, by the library that nothing else here knows.
/// Loaded with the first contract, and by a loader of its own.
@NullMarked
package io.skein.app.contract.cel;

import org.jspecify.annotations.NullMarked;
