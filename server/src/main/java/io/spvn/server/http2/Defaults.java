package io.spvn.server.http2;

import static io.spvn.server.http.FieldNames.DATE;
import static io.spvn.server.http.FieldNames.SERVER;
import static io.spvn.server.http.FieldNames.STRICT_TRANSPORT_SECURITY;

import io.spvn.server.http.Ascii;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http.ResponseFields;
import java.util.List;
import java.util.Locale;

/// Fields that the server adds to each response, whoever has made it: `date` and `server` unless
/// the app has them, those of its operator always. Of any thread.
final class Defaults {
    private static final byte[] NAME = Ascii.bytes("spvn");

    private final DateHeader date;
    private final ResponseDefaults wanted;
    private final List<Pair> own;
    private final byte[] transportSecurity; // empty for none

    @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
    private record Pair(byte[] name, byte[] value) {}

    /// @param wanted which of them there are
    /// @param transportSecurity for how many seconds browsers are told to come back with encryption
    ///   only; 0: they are not
    Defaults(DateHeader date, ResponseDefaults wanted, long transportSecurity) {
        this.date = date;
        this.wanted = wanted;
        this.own =
                wanted.fields().stream()
                        .map(field -> pair(field.name().toLowerCase(Locale.ROOT), field.value()))
                        .toList();
        this.transportSecurity =
                Ascii.bytes(transportSecurity == 0 ? "" : "max-age=" + transportSecurity);
    }

    private static Pair pair(String name, String value) {
        return new Pair(Ascii.bytes(name), Ascii.bytes(value));
    }

    /// Puts those that a response lacks.
    ///
    /// @param fields that it has
    void put(ResponseFields fields, HpackEncoder encoder) {
        if (wanted.date() && !fields.hasDate()) {
            encoder.field(DATE, date.value(), false);
        }
        if (wanted.server() && !fields.hasServer()) {
            encoder.field(SERVER, NAME, false);
        }
        if (transportSecurity.length > 0 && !fields.hasTransportSecurity()) {
            encoder.field(STRICT_TRANSPORT_SECURITY, transportSecurity, false);
        }
        for (Pair pair : own) {
            encoder.field(pair.name, pair.value, false);
        }
    }
}
