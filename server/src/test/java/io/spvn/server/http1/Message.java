package io.spvn.server.http1;

/// One request of several in a row, as two readers should see it alike.
///
/// @param end where the next one begins
record Message(String method, String target, String body, int end) {}
