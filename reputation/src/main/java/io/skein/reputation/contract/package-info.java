/// Contracts: rules about services, judged from ledger records. Pure, integers only.
@NullMarked
package io.skein.reputation.contract;

import org.jspecify.annotations.NullMarked;
