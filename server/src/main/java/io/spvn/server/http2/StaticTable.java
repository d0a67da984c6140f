package io.spvn.server.http2;

import io.spvn.server.http.Ascii;
import java.util.Arrays;

/// The fields that every decoder knows from the beginning (RFC 7541 appendix A), by their index
/// from 1 on. Fields of the same name stand next to each other and share its bytes.
final class StaticTable {
    private static final String FIELDS =
            """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """;

    private static final byte[] EMPTY = {};
    private static final byte[][] NAMES;
    private static final byte[][] VALUES;

    static {
        String[] fields = FIELDS.split("\n", -1);
        int size = fields.length - 1;
        NAMES = new byte[size + 1][];
        VALUES = new byte[size + 1][];
        NAMES[0] = EMPTY;
        for (int index = 1; index <= size; index++) {
            String[] pair = fields[index - 1].split(" ", 2);
            byte[] name = Ascii.bytes(pair[0]);
            boolean again = Arrays.equals(name, NAMES[index - 1]);
            NAMES[index] = again ? NAMES[index - 1] : name;
            VALUES[index] = pair.length == 1 ? EMPTY : Ascii.bytes(pair[1]);
        }
    }

    /// The highest index.
    static final int SIZE = NAMES.length - 1;

    private StaticTable() {}

    static byte[] name(int index) {
        return NAMES[index];
    }

    static byte[] value(int index) {
        return VALUES[index];
    }

    /// The index of a field with this value among those called like the one at `first`, which is
    /// the first of that name; 0 for none.
    static int find(int first, byte[] block, int from, int to) {
        for (int at = first; at <= SIZE && Arrays.equals(NAMES[at], NAMES[first]); at++) {
            byte[] value = VALUES[at];
            if (Arrays.equals(value, 0, value.length, block, from, to)) {
                return at;
            }
        }
        return 0;
    }
}
