package io.spvn.server.connection;

/// How a new connection begins.
///
/// @param socket what its protocols read and write
/// @param protocol what is spoken on it at first
public record Opening(Socket socket, Protocol protocol) {
    /// How the connections of a listener begin, whatever is between them and their protocols.
    public interface Kind {
        /// Of one that has just been accepted. The thread that will read it; must not block.
        ///
        /// @param plain its socket, without encryption
        Opening of(Socket plain);
    }

    /// Connections without encryption.
    public static Kind plain(Protocol protocol) {
        return socket -> new Opening(socket, protocol);
    }
}
