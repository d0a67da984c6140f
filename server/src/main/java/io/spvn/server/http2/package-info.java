/// HTTP/2 on a connection (RFC 9113), with HPACK (RFC 7541).
///
/// What a field block goes through: [io.spvn.server.http2.HpackDecoder] makes fields of it,
/// [io.spvn.server.http2.Http2Fields] holds them against [io.spvn.server.http2.FieldRules] and
/// makes an [io.spvn.server.http2.Http2Head] of them; [io.spvn.server.http2.HpackEncoder] writes
/// the fields of answers.
package io.spvn.server.http2;
