/// Experiments in production: two arms of one route, compared while requests run, by statistics
/// that may be looked at after every batch.
///
/// **Why not a t-test.** Looking again and again until a fixed-sample test says "significant" finds
/// a difference in every A/A comparison in the end. What is computed here are *e-processes*:
/// non-negative, of expectation at most 1 at any stopping time if there is nothing to be found. By
/// Ville's inequality one ever reaches 1/α with probability at most α, however often it is looked
/// at (J. Ville, 1939; R. Johari, L. Pekelis, D. Walsh, "Always Valid Inference", 2015/2022; S.
/// Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic
/// confidence sequences", Annals of Statistics 2021).
///
/// **Latency** ([LatencySums]): logarithms of the latencies of good answers, because latencies are
/// skewed and a factor is what matters. A batch gives one number, the difference of the arms' means
/// in the same stretch of time, so that whatever moves both (load, a slow database, the hour) is
/// gone. **Failures** ([FailureSums]): the arms' counts.
///
/// **What is assumed.** A batch's difference is, whatever came before, symmetric about the effect;
/// failures are alike within an arm. Neither is quite so: clients come in heaps, and batches
/// remember each other. Hence evidence is divided by what the batches show of both: by (1 + r) ÷ (1
/// − r) for differences whose correlation from batch to batch is r, and by the dispersion of
/// failures beyond chance. That is an estimate, so the bound is exact for independent batches and
/// close for others; the tests count false alarms for both.
///
/// **When it does badly.** With few clients: they are split, not requests, so one slow client of
/// ten is a difference between arms that is real and says nothing about the treatment (split by
/// request then). With fewer than about 20 answers of the treatment in a batch, batches grow
/// longer. Latencies are told apart to 2.2 %; an arm whose answers never come is noticed when they
/// time out. Harm that begins late has the good time before it to overcome.
@NullMarked
package io.skein.routing.experiment;

import org.jspecify.annotations.NullMarked;
