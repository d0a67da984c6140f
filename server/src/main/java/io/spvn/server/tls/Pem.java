package io.spvn.server.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a file in PEM (RFC 7468), and of its older form with header lines (RFC 1421), in
/// which OpenSSL used to encrypt keys. What stands between blocks is for people.
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN (?<type>[^-\\r\\n]+)-----[ \\t]*\\R(?<text>.*?)-----END \\k<type>-----",
                    Pattern.DOTALL);
    private static final Pattern HEADER =
            Pattern.compile("\\A(?<name>[A-Za-z-]+):[ \\t]*(?<value>[^\\r\\n]*)\\R");

    private Pem() {}

    /// One block.
    ///
    /// @param type as `CERTIFICATE`
    /// @param headers by their names in lower case
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(String type, Map<String, String> headers, byte[] content) {
        boolean isCertificate() {
            return type.equals("CERTIFICATE") || type.equals("X509 CERTIFICATE");
        }

        boolean isKey() {
            return type.endsWith("PRIVATE KEY");
        }
    }

    /// @throws IllegalArgumentException when a block has something else than base64 in it
    static List<Block> blocks(byte[] file) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(block(matcher.group("type").strip(), matcher.group("text")));
        }
        return blocks;
    }

    private static Block block(String type, String text) {
        Map<String, String> headers = new TreeMap<>();
        String rest = text;
        Matcher header = HEADER.matcher(rest);
        while (header.find()) {
            headers.put(header.group("name").toLowerCase(Locale.ROOT), header.group("value"));
            rest = rest.substring(header.end());
            header = HEADER.matcher(rest);
        }
        byte[] content = Base64.getDecoder().decode(rest.replaceAll("\\s", ""));
        return new Block(type, headers, content);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// A block as it is written.
    static String text(String type, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, lines);
    }
}
