package io.spvn.server.http2;

import io.spvn.server.connection.Octets;
import java.util.HexFormat;

/// The fields of blocks as `name: value` lines, for tests.
final class Decoded implements FieldSink {
    private final StringBuilder lines = new StringBuilder();

    @Override
    public void field(byte[] name, byte[] value) {
        lines.append(Octets.text(name)).append(": ").append(Octets.text(value)).append('\n');
    }

    static String of(HpackDecoder decoder, byte[] block) throws HpackError {
        var fields = new Decoded();
        decoder.decode(block, 0, block.length, fields);
        return fields.lines.toString();
    }

    static String of(HpackDecoder decoder, String hex) throws HpackError {
        return of(decoder, HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }
}
