package io.spvn.cli;

import java.util.Locale;
import java.util.Set;

/// Lets `--ws` stand alone, which is a switch of granian's and has a kind at uvicorn.
final class BareWebSocketKind extends BareValue {
    private static final Set<String> KINDS =
            Set.of("auto", "none", "websockets", "websockets-sansio", "wsproto");

    BareWebSocketKind() {
        super("auto", word -> KINDS.contains(word.toLowerCase(Locale.ROOT)));
    }
}
