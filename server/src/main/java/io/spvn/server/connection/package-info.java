/// What connections of every protocol share: the listener that they come from, the socket of those
/// without TLS, the registry that knows the open ones and their deadlines, and the addresses of
/// their two ends.
package io.spvn.server.connection;
