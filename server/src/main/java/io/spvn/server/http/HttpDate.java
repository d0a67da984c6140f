package io.spvn.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Dates as header fields write them (RFC 9110 5.6.7).
public final class HttpDate {
    /// The JDK's RFC 1123 format has days of one digit.
    private static final DateTimeFormatter IMF_FIXDATE =
            format("EEE, dd MMM yyyy HH:mm:ss 'GMT'").withZone(ZoneOffset.UTC);

    /// Those of others, which are read and never written.
    private static final List<DateTimeFormatter> READ =
            List.of(IMF_FIXDATE, rfc850(), format("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDate() {}

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /// Its years have two digits: one that seems to be more than 50 years away is in the past.
    private static DateTimeFormatter rfc850() {
        int first = LocalDateTime.now(ZoneOffset.UTC).getYear() - 50;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, first)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    /// In whole seconds, as it is sent.
    public static String format(Instant instant) {
        return IMF_FIXDATE.format(instant);
    }

    /// Null for what is no date.
    public static @Nullable Instant parse(String text) {
        return READ.stream()
                .map(format -> parse(format, text))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Instant parse(DateTimeFormatter format, String text) {
        try {
            return LocalDateTime.from(format.parse(text)).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException another) {
            return null;
        }
    }
}
