/// The mesh's contracts: folded from records, their conditions compiled, judged by reputation.
@NullMarked
package io.skein.app.contract;

import org.jspecify.annotations.NullMarked;
