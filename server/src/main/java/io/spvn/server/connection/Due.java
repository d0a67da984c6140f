package io.spvn.server.connection;

/// What the client of a connection owes.
public enum Due {
    /// Nothing: it may stay silent for as long as it likes.
    NOTHING(0),
    /// The first byte of its first request.
    FIRST_BYTE(1),
    /// The rest of a head.
    HEAD(2),
    /// The next piece of a body.
    BODY(3),
    /// Its next request.
    REQUEST(4),
    /// The end of a connection that is over.
    END(5),
    /// Nothing yet: it waits for leave to send its body.
    LEAVE(6),
    /// The rest of a TLS handshake.
    HANDSHAKE(7);

    private final long bits;

    Due(long bits) {
        this.bits = bits;
    }

    /// Its number in the note of a [ReadClock]; the next ones after the last are free there.
    long bits() {
        return bits;
    }

    /// What a number stands for; the number that is free stands for nothing.
    static Due of(long bits) {
        return switch ((int) bits) {
            case 1 -> FIRST_BYTE;
            case 2 -> HEAD;
            case 3 -> BODY;
            case 4 -> REQUEST;
            case 5 -> END;
            case 6 -> LEAVE;
            case 7 -> HANDSHAKE;
            default -> NOTHING;
        };
    }
}
