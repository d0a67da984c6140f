package io.spvn.server.http1;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.server.http.Ascii;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The grammar of the chunked transfer coding (RFC 9112 7.1) as a table: state x octet -> next
/// state. What is not in the table is refused. The data of a chunk is not looked at, so
/// [State#DATA] has no row.
final class ChunkGrammar {
    /// Where in the coding an octet is met. The part says which limit it counts against. No octet
    /// is looked at in [#DATA] and after the [#END], so the rules named there are never broken
    /// there.
    enum State {
        SIZE_START(Part.SIZE, BodyRules.SIZE_SYNTAX),
        SIZE(Part.SIZE, BodyRules.SIZE_SYNTAX),
        BEFORE_EXTENSION(Part.EXTENSION, BodyRules.SIZE_SPACE),
        EXTENSION_START(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        EXTENSION_NAME(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        AFTER_NAME(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        VALUE_START(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        VALUE(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        QUOTED(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        QUOTED_PAIR(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        AFTER_QUOTED(Part.EXTENSION, BodyRules.EXTENSION_SYNTAX),
        SIZE_LF(Part.SIZE, BodyRules.SIZE_BARE_CR),
        DATA(Part.DATA, BodyRules.DATA_TOO_LONG),
        DATA_CR(Part.DATA, BodyRules.DATA_TOO_LONG),
        DATA_LF(Part.DATA, BodyRules.DATA_BARE_CR),
        TRAILER_START(Part.TRAILER, BodyRules.TRAILER_SYNTAX),
        TRAILER_NAME(Part.TRAILER, BodyRules.TRAILER_SYNTAX),
        TRAILER_VALUE(Part.TRAILER, BodyRules.TRAILER_CONTROL),
        TRAILER_LF(Part.TRAILER, BodyRules.TRAILER_BARE_CR),
        END_LF(Part.TRAILER, BodyRules.END_BARE_CR),
        END(Part.TRAILER, BodyRules.END_BARE_CR);

        private final Part part;
        private final BodyRules broken;

        State(Part part, BodyRules broken) {
            this.part = part;
            this.broken = broken;
        }

        Part part() {
            return part;
        }

        /// The rule that is broken when nothing leads on from here.
        BodyRules broken() {
            return broken;
        }
    }

    enum Part {
        SIZE,
        EXTENSION,
        DATA,
        TRAILER
    }

    private enum Octet {
        HEX,
        TOKEN,
        BLANK,
        SEMICOLON,
        EQUALS,
        COLON,
        QUOTE,
        BACKSLASH,
        CR,
        LF,
        TEXT,
        CONTROL;

        private static final Octet[] CLASSES = classes();

        static Octet of(byte octet) {
            return CLASSES[octet & 0xFF];
        }

        private static Octet[] classes() {
            Octet[] classes = new Octet[256];
            for (int octet = 0; octet < 256; octet++) {
                classes[octet] = classify((byte) octet);
            }
            return classes;
        }

        private static Octet classify(byte octet) {
            return switch (octet) {
                case ' ', '\t' -> BLANK;
                case ';' -> SEMICOLON;
                case '=' -> EQUALS;
                case ':' -> COLON;
                case '"' -> QUOTE;
                case '\\' -> BACKSLASH;
                case '\r' -> CR;
                case '\n' -> LF;
                default -> bySyntax(octet);
            };
        }

        private static Octet bySyntax(byte octet) {
            byte[] one = {octet};
            if (Ascii.isHex(octet)) {
                return HEX;
            }
            if (HeaderSyntax.tokenEnd(one, 0, 1) == 1) {
                return TOKEN;
            }
            return HeaderSyntax.valueEnd(one, 0, 1) == 1 ? TEXT : CONTROL;
        }
    }

    private static final Octet[] TOKENS = {Octet.HEX, Octet.TOKEN};

    private static final Octet[] QUOTABLE = {
        Octet.HEX, Octet.TOKEN, Octet.BLANK, Octet.SEMICOLON, Octet.EQUALS, Octet.COLON, Octet.TEXT
    };

    private static final Octet[] DELIMITERS = {Octet.QUOTE, Octet.BACKSLASH};

    private static final Map<State, Map<Octet, State>> NEXT = new EnumMap<>(State.class);

    static {
        // chunk-size [ chunk-ext ] CRLF
        on(State.SIZE_START, State.SIZE, Octet.HEX);
        on(State.SIZE, State.SIZE, Octet.HEX);
        endOfExtension(State.SIZE);

        // chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
        on(State.BEFORE_EXTENSION, State.BEFORE_EXTENSION, Octet.BLANK);
        on(State.BEFORE_EXTENSION, State.EXTENSION_START, Octet.SEMICOLON);
        on(State.EXTENSION_START, State.EXTENSION_START, Octet.BLANK);
        on(State.EXTENSION_START, State.EXTENSION_NAME, TOKENS);
        on(State.EXTENSION_NAME, State.EXTENSION_NAME, TOKENS);
        on(State.EXTENSION_NAME, State.VALUE_START, Octet.EQUALS);
        endOfExtension(State.EXTENSION_NAME);
        on(State.EXTENSION_NAME, State.AFTER_NAME, Octet.BLANK);
        on(State.AFTER_NAME, State.AFTER_NAME, Octet.BLANK);
        on(State.AFTER_NAME, State.VALUE_START, Octet.EQUALS);
        on(State.AFTER_NAME, State.EXTENSION_START, Octet.SEMICOLON);
        on(State.VALUE_START, State.VALUE_START, Octet.BLANK);
        on(State.VALUE_START, State.VALUE, TOKENS);
        on(State.VALUE_START, State.QUOTED, Octet.QUOTE);
        on(State.VALUE, State.VALUE, TOKENS);
        endOfExtension(State.VALUE);

        // quoted-string (RFC 9110 5.6.4)
        on(State.QUOTED, State.QUOTED, QUOTABLE);
        on(State.QUOTED, State.QUOTED_PAIR, Octet.BACKSLASH);
        on(State.QUOTED, State.AFTER_QUOTED, Octet.QUOTE);
        on(State.QUOTED_PAIR, State.QUOTED, QUOTABLE);
        on(State.QUOTED_PAIR, State.QUOTED, DELIMITERS);
        endOfExtension(State.AFTER_QUOTED);

        // chunk-data CRLF
        on(State.SIZE_LF, State.DATA, Octet.LF);
        on(State.DATA_CR, State.DATA_LF, Octet.CR);
        on(State.DATA_LF, State.SIZE_START, Octet.LF);

        // trailer-section CRLF
        on(State.TRAILER_START, State.END_LF, Octet.CR);
        on(State.TRAILER_START, State.TRAILER_NAME, TOKENS);
        on(State.TRAILER_NAME, State.TRAILER_NAME, TOKENS);
        on(State.TRAILER_NAME, State.TRAILER_VALUE, Octet.COLON);
        on(State.TRAILER_VALUE, State.TRAILER_VALUE, QUOTABLE);
        on(State.TRAILER_VALUE, State.TRAILER_VALUE, DELIMITERS);
        on(State.TRAILER_VALUE, State.TRAILER_LF, Octet.CR);
        on(State.TRAILER_LF, State.TRAILER_START, Octet.LF);
        on(State.END_LF, State.END, Octet.LF);
    }

    private ChunkGrammar() {}

    /// The state after `octet`, null when the grammar has none.
    static @Nullable State next(State state, byte octet) {
        return NEXT.getOrDefault(state, Map.of()).get(Octet.of(octet));
    }

    private static void on(State state, State next, Octet... octets) {
        Map<Octet, State> row = NEXT.computeIfAbsent(state, _ -> new EnumMap<>(Octet.class));
        Arrays.stream(octets).forEach(octet -> row.put(octet, next));
    }

    /// What may follow a size, and an extension that could end here.
    private static void endOfExtension(State state) {
        on(state, State.BEFORE_EXTENSION, Octet.BLANK);
        on(state, State.EXTENSION_START, Octet.SEMICOLON);
        on(state, State.SIZE_LF, Octet.CR);
    }
}
