/// The command `skein chaos`: mesh, workloads, plan, verdict.
@NullMarked
package io.skein.chaos.run;

import org.jspecify.annotations.NullMarked;
