@NullMarked
package io.skein.api;

import org.jspecify.annotations.NullMarked;
