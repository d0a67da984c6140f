package io.spvn.server.connection;

import io.spvn.bridge.exchange.Rejected;
import org.jspecify.annotations.Nullable;

/// A protocol as it is spoken on one connection, from when that is handed to it until it hands it
/// on. A connection may break while it is handed on, when only the one before is told: who takes it
/// over looks first whether it is over ([Ending#isLast]).
public interface Conversation {
    /// Reads what the client says, until the connection ends or another protocol is to go on with
    /// it. The reader's thread; blocks.
    ///
    /// A connection that was not within the limit ([Connection#isWithinLimit]) is only told so.
    ///
    /// @return the conversation that takes the connection over, null when that is over
    /// @throws java.io.UncheckedIOException when the connection is broken
    @Nullable Conversation run() throws InterruptedException;

    /// Looks at deadlines of its own. The registry's thread, every [Registry#TICK]; must not block.
    default void tick(long now) {}

    /// The client has not sent in time what it owes: the rest of a head, or the next piece of a
    /// body. It is to be told, or broken off. The registry's thread; must not block.
    void late(Due due);

    /// Cuts what is in hand: its client gets an answer in the app's stead, or an abort. A thread of
    /// its own; blocks while the client does not read.
    ///
    /// @return false when there was nothing in hand, as always where there is no app yet
    default boolean cut(Rejected reason) {
        return false;
    }

    /// The connection is broken: whoever waits for it learns of that. Any thread, perhaps more than
    /// once; must not block.
    void broken();

    /// Nothing is in hand, and the connection is about to end: the client is told, where the
    /// protocol has a word for that. The registry's thread; must not block.
    default void farewell() {}

    /// Bytes of the heap that wait to be written. The registry's thread.
    default long unwritten() {
        return 0;
    }

    /// What is in hand, for the log; "" for nothing. Any thread.
    default String inHand() {
        return "";
    }

    /// Gives back what it holds. The reader's thread, once it has [#run].
    default void close() {}
}
