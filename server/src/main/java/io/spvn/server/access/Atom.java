package io.spvn.server.access;

import io.spvn.bridge.exchange.Access;

/// A part of a line.
@FunctionalInterface
interface Atom {
    void write(Access access, LineBuffer line);
}
