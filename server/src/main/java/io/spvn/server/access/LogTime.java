package io.spvn.server.access;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// A time as text, made once a second. One thread.
final class LogTime {
    private static final int MILLIS = 1000;

    private final DateTimeFormatter format;
    private long second = Long.MIN_VALUE;
    private String text = "";

    private LogTime(DateTimeFormatter format) {
        this.format = format;
    }

    /// As in Apache's logs, `[10/Oct/2000:13:55:36 -0700]`, in a zone.
    static LogTime apache(ZoneId zone) {
        return new LogTime(
                DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ENGLISH)
                        .withZone(zone));
    }

    /// Up to the second, as in RFC 3339.
    static LogTime second(ZoneId zone) {
        return new LogTime(
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ENGLISH)
                        .withZone(zone));
    }

    /// The offset of the zone, as in RFC 3339.
    static LogTime offset(ZoneId zone) {
        return new LogTime(DateTimeFormatter.ofPattern("XXX", Locale.ENGLISH).withZone(zone));
    }

    /// @param millis since 1970
    String at(long millis) {
        long wanted = Math.floorDiv(millis, MILLIS);
        if (wanted != second) {
            text = format.format(Instant.ofEpochSecond(wanted));
            second = wanted;
        }
        return text;
    }
}
