package io.spvn.loadtest.attack;

/// A slice of an attack, by the time at which requests were due, responses came or errors happened.
///
/// @param fromNanos after the first request was due
/// @param nanos its length
/// @param due requests that were due in it
/// @param responses that ended in it
/// @param errors that happened in it
/// @param latency of the requests that were due in it
public record Interval(
        long fromNanos, long nanos, long due, long responses, long errors, Percentiles latency) {}
