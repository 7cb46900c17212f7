/// A run as one page that needs nothing from elsewhere.
@NullMarked
package io.skein.chaos.report;

import org.jspecify.annotations.NullMarked;
