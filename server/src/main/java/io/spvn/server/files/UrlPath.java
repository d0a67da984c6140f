package io.spvn.server.files;

import io.spvn.server.http.Ascii;
import io.spvn.server.http.PercentCoding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path of a request, as names of files. It is split before it is decoded, once: a slash that
/// was encoded is part of no name. What could mean anything but a name in its directory is none,
/// such as `..`, and neither are names that are not UTF-8 or that hide a file.
///
/// @param segments each null where it is not the name of a file
/// @param slash whether there is a slash behind the last of them
record UrlPath(List<@Nullable String> segments, boolean slash) {
    /// No directory is so deep.
    private static final int MOST_SEGMENTS = 64;

    private static final int LONGEST = 255;
    private static final String WELL_KNOWN = ".well-known"; // RFC 8615

    UrlPath {
        segments = Collections.unmodifiableList(new ArrayList<>(segments));
    }

    /// One as it was received.
    ///
    /// @param raw begins with a slash, or is no path of files
    static UrlPath of(byte[] raw) {
        List<@Nullable String> segments = new ArrayList<>();
        int from = 1;
        while (from < raw.length && segments.size() <= MOST_SEGMENTS) {
            int to = Ascii.indexOf((byte) '/', raw, from, raw.length);
            segments.add(decoded(Arrays.copyOfRange(raw, from, to)));
            from = to + 1;
        }
        if (raw.length == 0 || raw[0] != '/' || segments.size() > MOST_SEGMENTS) {
            segments.add(null);
        }
        return new UrlPath(segments, raw.length > 0 && raw[raw.length - 1] == '/');
    }

    /// One that nobody has encoded.
    static UrlPath of(String path) {
        List<@Nullable String> segments = new ArrayList<>();
        for (String each : path.substring(1).split("/", path.length() > 1 ? -1 : 0)) {
            segments.add(segment(each));
        }
        boolean slash = path.endsWith("/");
        if (slash && !segments.isEmpty()) {
            segments.removeLast();
        }
        return new UrlPath(segments, slash);
    }

    private static @Nullable String decoded(byte[] raw) {
        try {
            return segment(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(PercentCoding.decoded(raw)))
                            .toString());
        } catch (CharacterCodingException noText) {
            return null;
        }
    }

    /// The name itself where it is that of a file, null otherwise.
    static @Nullable String segment(String name) {
        boolean isName =
                !name.isEmpty()
                        && name.length() <= LONGEST
                        && (name.charAt(0) != '.' || name.equals(WELL_KNOWN))
                        && !name.endsWith(".")
                        && !name.endsWith(" ")
                        && name.chars().noneMatch(UrlPath::isSpecial);
        return isName ? name : null;
    }

    private static boolean isSpecial(int character) {
        return character == '/' || character == '\\' || Character.isISOControl(character);
    }

    /// Whether it leads to no file, whatever files there are.
    boolean isIllegal() {
        return segments.contains(null);
    }

    /// What is left of it below `route`; null when it is elsewhere.
    @Nullable UrlPath below(List<String> route) {
        int length = route.size();
        if (segments.size() < length || !segments.subList(0, length).equals(route)) {
            return null;
        }
        return new UrlPath(segments.subList(length, segments.size()), slash);
    }
}
