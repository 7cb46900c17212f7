/// How requests end, and why: the words that metrics, log, answers and the node's counters share.
@NullMarked
package io.skein.proxy.outcome;

import org.jspecify.annotations.NullMarked;
