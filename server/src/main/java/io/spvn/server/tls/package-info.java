/// Encryption: everything between a connection's plain socket and its protocol.
///
/// [io.spvn.server.tls.TlsLayer] is the way in. It reads certificates
/// ([io.spvn.server.tls.CertificateLoader]), keeps those that are shown now
/// ([io.spvn.server.tls.Certificates], by name), and exchanges them when their files change. A new
/// connection gets a [io.spvn.server.tls.TlsSocket] on top of its plain one, and begins with a
/// [io.spvn.server.tls.TlsHandshake], which goes over to the protocol that was agreed on.
package io.spvn.server.tls;
