/// What requests cost by what they are: classes of requests, learned as they come, and how long
/// each class will take at each endpoint. Pure: samples and the clock come as arguments, nothing
/// here starts a thread; one thread at a time teaches, any thread reads.
///
/// A request's class is its [io.skein.routing.predict.Fingerprint]. Of all fingerprints the 64 most
/// frequent of a service become classes, by Space-Saving [1]; everything else is one more class.
///
/// The predictor of one endpoint is a Kalman filter for weights that walk at random [2], on the
/// logarithm of the latency, over 32 features: one, the logarithm of in-flight + 1, and 30 slots
/// that classes are hashed into [3], three to a class, so that two classes share all of theirs only
/// once in 4,060.
///
/// ```
/// P ← (P + q·r·I) ÷ (1 + q·r)   the weights may have moved   q = 0.0004, r the noise
/// k = P·x ÷ (x'·P·x + r)
/// w ← w + k·(ln y − x'·w)
/// P ← P − k·x'·P
/// predicted = exp(x'·w + s²/2)      s² = x'·P·x + r, the mean of a log-normal variable
/// ```
///
/// Recursive least squares with a forgetting factor is the same filter with `P ← P ÷ λ` in place of
/// the first line. With a factor near 1 it has stopped learning when the truth changes; with a
/// smaller one it forgets, between two requests of a rare class, what it knew of it [4]. Here the
/// doubt grows by the same amount in every direction, and no further than at the beginning: that is
/// what the divisor is for, as in exponential resetting [6]. Measured on synthetic data (12
/// classes, log-normal noise of σ = 0.25, 5 seeds; `LatencyFilterTest`): WAPE 0.206 where who knows
/// the truth has 0.198, and 500 samples after half of the classes became 3 × slower and the others
/// 2.5 × quicker, 7 % off on average; with a forgetting factor of 0.999 61 % off; with 0.998 or
/// less numbers overflow.
///
/// Every sample is predicted before it is learned, and the error kept as a moving average:
/// progressive validation [5]. Where the model has erred more than the class's average, that is
/// used instead, and the endpoint's average where that was better still.
///
/// Does badly: latencies of one class with two humps (a cache that hits or misses) have a mean that
/// no request takes; a class that is seen less than some 20 times at an endpoint is not predicted
/// there; latency that depends on what is not in the fingerprint is noise.
///
/// 1. A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k elements
///    in data streams", ICDT 2005, §3. 2. R. E. Kalman, "A new approach to linear filtering and
///    prediction problems", Journal of Basic Engineering 82, 1960; for the random-walk form beside
///    forgetting: L. Ljung, S. Gunnarsson, "Adaptation and tracking in system identification: a
///    survey", Automatica 26, 1990, §3. 3. K. Weinberger et al., "Feature hashing for large scale
///    multitask learning", ICML 2009. 4. K. J. Åström, B. Wittenmark, "Adaptive control", 2nd ed.,
///    1995, §11.5 (wind-up). 5. A. P. Dawid, "Statistical theory: the prequential approach",
///    Journal of the Royal Statistical Society A 147, 1984; A. Blum, A. Kalai, J. Langford,
///    "Beating the hold-out: bounds for k-fold and progressive cross-validation", COLT 1999. 6. M.
///    E. Salgado, G. C. Goodwin, R. H. Middleton, "Modified least squares algorithm incorporating
///    exponential resetting and forgetting", International Journal of Control 47, 1988.
@NullMarked
package io.skein.routing.predict;

import org.jspecify.annotations.NullMarked;
