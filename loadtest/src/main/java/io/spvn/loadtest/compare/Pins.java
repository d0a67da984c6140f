package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/// The exact versions of all that is installed for the comparison.
///
/// @param text lines for pip
record Pins(String text) {
    /// Those that come with the program.
    static Pins own() {
        try (InputStream resource = Pins.class.getResourceAsStream("rivals.txt")) {
            if (resource == null) {
                throw new IllegalStateException("not on the class path: rivals.txt");
            }
            return new Pins(new String(resource.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The version of a package, empty if there is no such pin.
    String version(String distribution) {
        String wanted = distribution.toLowerCase(Locale.ROOT) + "==";
        return text.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith(wanted))
                .map(line -> line.substring(wanted.length()))
                .findFirst()
                .orElse("");
    }
}
