/// OpenTelemetry's spans of requests: how long each waited in the queue, and how long the app took.
/// They are made when a request is over, sent by threads of their own, and bounded; what finds no
/// room or is not taken by the collector is lost and counted. Nothing of it is there, not even its
/// classes, where none are asked for.
package io.spvn.server.tracing;
