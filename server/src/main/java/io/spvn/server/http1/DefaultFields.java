package io.spvn.server.http1;

import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http.ResponseFields;

/// Header fields that the server adds to each response, whoever has made it: `date` and `server`
/// unless the app has them, those of its operator always. Of any thread.
final class DefaultFields {
    private static final byte[] SERVER = Ascii.bytes("server: spvn\r\n");

    private final DateHeader date;
    private final ResponseDefaults wanted;
    private final byte[] own;
    private final byte[] transportSecurity;

    /// @param wanted which of them there are
    /// @param transportSecurity for how many seconds browsers are told to come back with encryption
    ///   only; 0: they are not
    DefaultFields(DateHeader date, ResponseDefaults wanted, long transportSecurity) {
        this.date = date;
        this.wanted = wanted;
        this.own = Ascii.bytes(wanted.lines());
        this.transportSecurity = transportSecurity(transportSecurity);
    }

    /// RFC 6797 section 6.1.
    private static byte[] transportSecurity(long seconds) {
        return seconds == 0
                ? new byte[0]
                : Ascii.bytes("strict-transport-security: max-age=" + seconds + "\r\n");
    }

    /// `date` and `server`.
    static DefaultFields of(DateHeader date) {
        return new DefaultFields(date, ResponseDefaults.DEFAULT, 0);
    }

    /// Writes those that a response lacks.
    ///
    /// @param fields that it has
    void put(ResponseFields fields, WireBuffer out) {
        if (wanted.date() && !fields.hasDate()) {
            out.put(date.line());
        }
        if (wanted.server() && !fields.hasServer()) {
            out.put(SERVER);
        }
        if (!fields.hasTransportSecurity()) {
            out.put(transportSecurity);
        }
        out.put(own);
    }
}
