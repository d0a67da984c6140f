package io.spvn.server.http;

import java.time.Instant;
import java.time.InstantSource;

/// The date of responses (RFC 9110 5.6.7, 6.6.1), made once a second at most. For any thread.
public final class DateHeader {
    private final InstantSource clock;

    /// Replaced as a whole. Two threads that both find it old make the same line.
    private volatile Line current;

    @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
    private record Line(long second, byte[] value, byte[] bytes) {
        static Line of(long second) {
            String date = HttpDate.format(Instant.ofEpochSecond(second));
            return new Line(second, Ascii.bytes(date), Ascii.bytes("date: " + date + "\r\n"));
        }
    }

    public DateHeader(InstantSource clock) {
        this.clock = clock;
        this.current = Line.of(second());
    }

    /// The whole `date` line of HTTP/1.1 with its CRLF. Never written to.
    public byte[] line() {
        return current().bytes;
    }

    /// The value of the field; the same array for as long as it is the same. Never written to.
    public byte[] value() {
        return current().value;
    }

    private Line current() {
        long now = second();
        Line line = current;
        if (line.second != now) {
            line = Line.of(now);
            current = line;
        }
        return line;
    }

    private long second() {
        return Math.floorDiv(clock.millis(), 1000L);
    }
}
