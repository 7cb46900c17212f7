@NullMarked
package io.skein.dashboard;

import org.jspecify.annotations.NullMarked;
