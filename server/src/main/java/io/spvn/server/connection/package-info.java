/// What connections of every protocol share: the registry that knows the open ones, their
/// deadlines, and the addresses of their two ends.
package io.spvn.server.connection;
