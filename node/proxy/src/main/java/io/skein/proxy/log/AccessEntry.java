package io.skein.proxy.log;

import java.time.Instant;

/// What one line of the access log tells.
///
/// @param end when the request ended
/// @param client address of the client
/// @param method method, or empty if the head could not be read
/// @param host what the client asked for
/// @param target path and query
/// @param userAgent as sent
/// @param referrer as sent
/// @param service who served, or empty
/// @param endpoint which endpoint answered, or empty
/// @param status status sent, 0 if none
/// @param bytesIn body bytes received
/// @param bytesOut body bytes sent
/// @param durationNanos from head to last byte
/// @param tries how often it was sent to an endpoint
/// @param reason why it ended so
/// @param passage how it came in and went on
public record AccessEntry(
    Instant end,
    String client,
    String method,
    String host,
    String target,
    String userAgent,
    String referrer,
    String service,
    String endpoint,
    int status,
    long bytesIn,
    long bytesOut,
    long durationNanos,
    int tries,
    String reason,
    Passage passage) {}
