/// What is wrong, and how sure a node may be of it.
@NullMarked
package io.skein.healing.diagnosis;

import org.jspecify.annotations.NullMarked;
