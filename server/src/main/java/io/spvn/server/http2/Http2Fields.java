package io.spvn.server.http2;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.KEEP_ALIVE;
import static io.spvn.server.http.FieldNames.PROXY_CONNECTION;
import static io.spvn.server.http.FieldNames.TE;
import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;
import static io.spvn.server.http.FieldNames.UPGRADE;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.RequestRules;
import io.spvn.server.http.RequestWishes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes the fields of one message, holds each against [FieldRules] as it comes, and is asked in
/// the end what they are. From the first broken rule or bound on it wants no more, so a block of a
/// few octets that stands for megabytes costs nothing. On the reader's thread.
final class Http2Fields implements FieldSink {
    /// What a field counts beside its octets (RFC 9113 6.5.2).
    static final int FIELD_OVERHEAD = 32;

    private static final List<byte[]> OF_CONNECTIONS =
            List.of(CONNECTION, TRANSFER_ENCODING, UPGRADE, KEEP_ALIVE, PROXY_CONNECTION);

    private final int maxBytes;
    private final int maxFields;
    private final boolean protocols;
    private final Map<Pseudo, byte[]> pseudo = new EnumMap<>(Pseudo.class);

    /// Names and values in turn.
    private final List<byte[]> fields = new ArrayList<>();

    private long size;
    private int count;
    private @Nullable FieldRules broken;
    private @Nullable RequestRules exceeded;

    /// @param maxBytes of all fields, each with its [#FIELD_OVERHEAD]
    /// @param maxFields pseudo-header fields count as well
    /// @param protocols whether a CONNECT may have `:protocol`: SETTINGS_ENABLE_CONNECT_PROTOCOL
    ///   has been sent
    Http2Fields(int maxBytes, int maxFields, boolean protocols) {
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        this.protocols = protocols;
    }

    @Override
    public boolean wants(int nameLength, int valueLength) {
        if (broken != null || exceeded != null) {
            return false;
        }
        size += (long) nameLength + valueLength + FIELD_OVERHEAD;
        if (size > maxBytes) {
            exceeded = RequestRules.HEAD_TOO_LARGE;
        } else if (++count > maxFields) {
            exceeded = RequestRules.TOO_MANY_FIELDS;
        }
        return exceeded == null;
    }

    @Override
    public void field(byte[] name, byte[] value) {
        if (name.length > 0 && name[0] == ':') {
            broken = pseudo(name, value);
        } else {
            broken = brokenBy(name, value);
            fields.add(name);
            fields.add(value);
        }
    }

    private @Nullable FieldRules pseudo(byte[] name, byte[] value) {
        Pseudo known = Pseudo.of(name);
        if (!fields.isEmpty()) {
            return FieldRules.PSEUDO_LATE;
        }
        if (known == null || (known == Pseudo.PROTOCOL && !protocols)) {
            return FieldRules.PSEUDO_UNKNOWN;
        }
        if (pseudo.put(known, value) != null) {
            return FieldRules.PSEUDO_REPEATED;
        }
        return brokenBy(value);
    }

    private static @Nullable FieldRules brokenBy(byte[] name, byte[] value) {
        if (name.length == 0) {
            return FieldRules.NAME_EMPTY;
        }
        if (HeaderSyntax.tokenEnd(name, 0, name.length) < name.length) {
            return FieldRules.NAME_SYNTAX;
        }
        if (HeaderSyntax.hasCapital(name, 0, name.length)) {
            return FieldRules.NAME_CAPITAL;
        }
        for (byte[] each : OF_CONNECTIONS) {
            if (Arrays.equals(each, name)) {
                return FieldRules.CONNECTION_FIELD;
            }
        }
        if (Arrays.equals(TE, name)
                && !Ascii.equalsIgnoreCase(value, 0, value.length, RequestWishes.TRAILERS)) {
            return FieldRules.TE;
        }
        return brokenBy(value);
    }

    private static @Nullable FieldRules brokenBy(byte[] value) {
        int length = value.length;
        if (HeaderSyntax.valueEnd(value, 0, length) < length) {
            return FieldRules.VALUE_CONTROL;
        }
        boolean blank = length > 0 && (Ascii.isBlank(value[0]) || Ascii.isBlank(value[length - 1]));
        return blank ? FieldRules.VALUE_BLANK : null;
    }

    /// The head that the fields are.
    ///
    /// @throws MalformedFields when its stream is to end with PROTOCOL_ERROR
    /// @throws io.spvn.server.http.HttpError when the request is refused with an answer
    Http2Head head() throws MalformedFields {
        requireWhole();
        return new HeadMaker(pseudo, fields).head();
    }

    /// The fields as those that stand behind a body.
    ///
    /// @throws MalformedFields when the stream is to end with PROTOCOL_ERROR
    /// @throws io.spvn.server.http.HttpError when they are too many or too large
    Headers trailers() throws MalformedFields {
        requireWhole();
        if (!pseudo.isEmpty()) {
            throw FieldRules.PSEUDO_IN_TRAILERS.broken();
        }
        return Headers.of(fields.toArray(byte[][]::new));
    }

    private void requireWhole() throws MalformedFields {
        if (broken != null) {
            throw broken.broken();
        }
        if (exceeded != null) {
            throw exceeded.error();
        }
    }
}
