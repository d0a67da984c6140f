package io.spvn.server.connection;

/// Something that can be spoken on a connection, made once for all of them.
public interface Protocol {
    /// Begins to speak on a connection: a new one, or one that another protocol hands over, with
    /// what its client has sent beyond that in its input. The reader's thread; must not block.
    Conversation on(Connection connection);
}
