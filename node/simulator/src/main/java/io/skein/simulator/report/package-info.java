/// Results as a page with plots.
@NullMarked
package io.skein.simulator.report;

import org.jspecify.annotations.NullMarked;
