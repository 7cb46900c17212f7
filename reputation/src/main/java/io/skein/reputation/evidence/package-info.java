/// What raters said, in a ring of windows: subjects, testimonies, decay.
@NullMarked
package io.skein.reputation.evidence;

import org.jspecify.annotations.NullMarked;
