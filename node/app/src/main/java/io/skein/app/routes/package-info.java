/// From catalogue, verdicts, reputation and rumors to the route table that event loops read.
@NullMarked
package io.skein.app.routes;

import org.jspecify.annotations.NullMarked;
