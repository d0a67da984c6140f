package io.spvn.server.http1;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The chunked coding read in the slow and simple way: by regular expressions that spell RFC 9112
/// 7.1, over the whole text. What [ChunkedDecoder] does is held against it.
final class ChunkedReference {
    /// How a text ends as a body.
    enum End {
        DONE,
        REFUSED,
        MORE
    }

    /// What a text is.
    ///
    /// @param data the body as far as it goes
    /// @param length of the coding, when it is [End#DONE]
    record Outcome(End end, String data, int length) {}

    private static final String TOKEN = "[0-9A-Za-z!#$%&'*+.^_`|~-]++";
    private static final String TEXT = "[\\t\\x20-\\x7E\\x80-\\xFF]";
    private static final String PLAIN = "[\\t\\x20-\\x7E\\x80-\\xFF&&[^\"\\\\]]*+";
    private static final String QUOTED = "\"" + PLAIN + "(?:\\\\" + TEXT + PLAIN + ")*+\"";
    private static final String VALUE = "(?:" + TOKEN + "|" + QUOTED + ")";
    private static final String BWS = "[ \\t]*+";
    private static final String EXTENSION =
            "(?:" + BWS + ";" + BWS + TOKEN + "(?:" + BWS + "=" + BWS + VALUE + ")?)*+";
    private static final Pattern CHUNK = Pattern.compile("[0-9A-Fa-f]{1,16}+" + EXTENSION + "\r\n");
    private static final Pattern END_OF_DATA = Pattern.compile("\r\n");
    private static final Pattern TRAILERS =
            Pattern.compile("(?:" + TOKEN + ":" + TEXT + "*+\r\n){0,64}+\r\n");
    private static final Pattern DIGITS = Pattern.compile("[0-9A-Fa-f]*");

    private static final int MOST_OF_ONE = 4 * 1024;
    private static final int MOST_OF_ALL = 16 * 1024;
    private static final int MOST_TRAILERS = 8 * 1024;

    private final String text;
    private final StringBuilder data = new StringBuilder();
    private int at;
    private int extensions;
    private BigInteger size = BigInteger.ZERO;

    private ChunkedReference(String text) {
        this.text = text;
    }

    static Outcome read(String text) {
        var reference = new ChunkedReference(text);
        End end = reference.body();
        return new Outcome(end, reference.data.toString(), reference.at);
    }

    private End body() {
        End end = chunk();
        while (end == End.DONE && size.signum() > 0) {
            end = chunk();
        }
        return end == End.DONE ? trailers() : end;
    }

    private End chunk() {
        End end = size();
        return end == End.DONE && size.signum() > 0 ? data() : end;
    }

    /// A limit counts as soon as it is passed, whether or not the line has come to its end.
    private End size() {
        String digits = digits();
        int line = text.indexOf('\r', at) < 0 ? text.length() : text.indexOf('\r', at);
        int extension = line - at - digits.length();
        extensions += extension;
        size = new BigInteger("0" + digits, 16);
        boolean tooMuch = extension > MOST_OF_ONE || extensions > MOST_OF_ALL + data.length();
        return tooMuch || size.bitLength() >= Long.SIZE ? End.REFUSED : match(CHUNK);
    }

    private String digits() {
        Matcher digits = DIGITS.matcher(text).region(at, text.length());
        return digits.lookingAt() ? digits.group() : "";
    }

    private End data() {
        int count = size.min(BigInteger.valueOf(text.length() - at)).intValueExact();
        data.append(text, at, at + count);
        at += count;
        return BigInteger.valueOf(count).equals(size) ? match(END_OF_DATA) : End.MORE;
    }

    private End trailers() {
        int from = at;
        End end = match(TRAILERS);
        int to = end == End.DONE ? at : text.length();
        return to - from > MOST_TRAILERS ? End.REFUSED : end;
    }

    /// Goes on behind what matches. What does not match yet but could, with more text, is open.
    @SuppressWarnings("JdkObsolete") // whether more text could match is the question here
    private End match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (matcher.lookingAt()) {
            at = matcher.end();
            return End.DONE;
        }
        return matcher.hitEnd() ? End.MORE : End.REFUSED;
    }
}
