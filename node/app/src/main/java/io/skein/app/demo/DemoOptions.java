package io.skein.app.demo;

import java.time.Duration;

/// What `skein demo` was asked for.
///
/// @param headless no narration for people; ends by itself
/// @param duration length of the traffic when headless, at least 20 s; the script's times scale
///   with it
/// @param json print the final figures as JSON on standard output
/// @param rate requests per second, 1 to 2,000
/// @param portOffset added to every port of the demo
/// @param keep keep the data directories at the end
record DemoOptions(
    boolean headless, Duration duration, boolean json, int rate, int portOffset, boolean keep) {}
