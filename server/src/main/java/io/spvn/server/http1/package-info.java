/// HTTP/1.0 and HTTP/1.1 on a connection (RFC 9110, RFC 9112).
///
/// Read in this order: [io.spvn.server.http1.Http1Connection] reads requests,
/// [io.spvn.server.http1.HeadParser] makes them out under the rules of
/// [io.spvn.server.http1.HeadRules], [io.spvn.server.http1.RequestBody] takes the framing off what
/// is brought to the app, and [io.spvn.server.http1.Http1Response] writes the answer with
/// [io.spvn.server.http1.ResponseEncoder]. Bytes are parsed once and kept as bytes.
package io.spvn.server.http1;
