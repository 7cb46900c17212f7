/// What a mesh on a stock replicated cache would lose: the checks judge one as they judge ours.
@NullMarked
package io.skein.chaos.stock;

import org.jspecify.annotations.NullMarked;
