package io.spvn.server.websocket;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of `permessage-deflate` that a client offers (RFC 7692 7.1), as far as they bind
/// the server.
///
/// The window of the client (`client_max_window_bits`) is its own affair: the inflater takes any,
/// and would not get smaller for it.
record DeflateOffer(
        boolean serverNoContextTakeover, boolean clientNoContextTakeover, int serverWindowBits) {
    private static final String NAME = "permessage-deflate";

    private enum Name {
        SERVER_NO_CONTEXT_TAKEOVER,
        CLIENT_NO_CONTEXT_TAKEOVER,
        SERVER_MAX_WINDOW_BITS,
        CLIENT_MAX_WINDOW_BITS;

        final String text = name().toLowerCase(Locale.ROOT);

        static @Nullable Name of(String text) {
            for (Name name : values()) {
                if (name.text.equals(text)) {
                    return name;
                }
            }
            return null;
        }

        boolean takes(@Nullable String value) {
            return switch (this) {
                case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> value == null;
                case SERVER_MAX_WINDOW_BITS -> value != null && windowBits(value) > 0;
                case CLIENT_MAX_WINDOW_BITS -> value == null || windowBits(value) > 0;
            };
        }
    }

    /// Reads an offer.
    ///
    /// @return null when it is to be declined: another extension, or a parameter that is not known,
    ///   comes twice, or has a value that it cannot have (7.1)
    static @Nullable DeflateOffer of(Extension offer) {
        if (!offer.name().equals(NAME)) {
            return null;
        }
        Set<Name> seen = EnumSet.noneOf(Name.class);
        int serverWindowBits = PerMessageDeflate.MAX_WINDOW_BITS;
        for (Extension.Parameter parameter : offer.parameters()) {
            Name name = Name.of(parameter.name());
            if (name == null || !seen.add(name) || !name.takes(parameter.value())) {
                return null;
            }
            if (name == Name.SERVER_MAX_WINDOW_BITS) {
                serverWindowBits = windowBits(parameter.value());
            }
        }
        return new DeflateOffer(
                seen.contains(Name.SERVER_NO_CONTEXT_TAKEOVER),
                seen.contains(Name.CLIENT_NO_CONTEXT_TAKEOVER),
                serverWindowBits);
    }

    /// A number from 8 to 15 without leading zeros (7.1.2.1), 0 for anything else.
    private static int windowBits(@Nullable String value) {
        for (int bits = PerMessageDeflate.MIN_WINDOW_BITS;
                bits <= PerMessageDeflate.MAX_WINDOW_BITS;
                bits++) {
            if (Integer.toString(bits).equals(value)) {
                return bits;
            }
        }
        return 0;
    }

    /// The same, but both ends begin each message anew. A server may ask for that unasked (7.1.1).
    DeflateOffer withoutTakeover() {
        return new DeflateOffer(true, true, serverWindowBits);
    }

    /// What the server says to it, in `Sec-WebSocket-Extensions`.
    String answer() {
        var answer = new StringBuilder(NAME);
        if (serverNoContextTakeover) {
            answer.append("; ").append(Name.SERVER_NO_CONTEXT_TAKEOVER.text);
        }
        if (clientNoContextTakeover) {
            answer.append("; ").append(Name.CLIENT_NO_CONTEXT_TAKEOVER.text);
        }
        if (serverWindowBits < PerMessageDeflate.MAX_WINDOW_BITS) {
            answer.append("; ").append(Name.SERVER_MAX_WINDOW_BITS.text);
            answer.append('=').append(serverWindowBits);
        }
        return answer.toString();
    }
}
