package io.spvn.bridge.process;

/// What is said on the connections of a child, by number: the tables of `spvn_bridge.remote.wire`.
final class Message {
    private Message() {}

    /// From the server to the child.
    enum Down {
        SETTINGS,
        REQUEST,
        BODY,
        DISCONNECT,
        GONE,
        ROOM,
        PULL,
        DROP,
        CANCEL,
        LOOK,
        PULSE,
        STOP,
        MESSAGE,
        CLOSED;

        @SuppressWarnings("EnumOrdinal") // the numbers are the order, on both sides
        int number() {
            return ordinal();
        }
    }

    /// From the child to the server.
    enum Up {
        SERVING,
        RESPONSE,
        ANSWERED,
        START,
        PART,
        LARGE,
        ENDED,
        WANT,
        FULL,
        LISTENS,
        RESTED,
        DEAF,
        WAITS,
        LOG,
        RESULT,
        LEAVING,
        ACCEPT,
        SEND,
        CLOSE,
        TRAILED,
        TRAILERS,
        HINT,
        FILE,
        LOST;

        private static final Up[] ALL = values();

        static Up of(int number) throws Garbled {
            if (number < 0 || number >= ALL.length) {
                throw new Garbled("message of kind " + number);
            }
            return ALL[number];
        }
    }
}
