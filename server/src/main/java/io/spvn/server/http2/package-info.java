/// HTTP/2 on a connection (RFC 9113), with HPACK (RFC 7541) and priorities (RFC 9218).
///
/// Read in this order: [io.spvn.server.http2.Http2Connection] is the life of a connection;
/// [io.spvn.server.http2.Http2Reader] reads frames, and [io.spvn.server.http2.Requests] makes
/// requests of their field blocks, each an [io.spvn.server.http2.Http2Stream], whose state is in
/// [io.spvn.server.http2.StreamState]. [io.spvn.server.http2.Http2Writer] is the one way out, where
/// streams take turns by [io.spvn.server.http2.Schedule]. What a client may ask for without doing
/// any good is in [io.spvn.server.http2.Budgets].
///
/// What a field block goes through: [io.spvn.server.http2.HpackDecoder] makes fields of it,
/// [io.spvn.server.http2.Http2Fields] holds them against [io.spvn.server.http2.FieldRules] and
/// makes an [io.spvn.server.http2.Http2Head] of them; [io.spvn.server.http2.HpackEncoder] writes
/// the fields of answers.
package io.spvn.server.http2;
