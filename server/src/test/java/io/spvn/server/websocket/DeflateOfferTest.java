package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeflateOfferTest {
    private static final String NAME = "permessage-deflate";
    private static final long BOTH = DeflateContexts.DEFLATER + DeflateContexts.INFLATER;

    private final DeflateContexts contexts = new DeflateContexts(BOTH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "permessage-deflate | permessage-deflate",
                "permessage-deflate; server_no_context_takeover"
                        + " | permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover"
                        + " | permessage-deflate; client_no_context_takeover",
                "permessage-deflate; client_max_window_bits | permessage-deflate",
                "permessage-deflate; client_max_window_bits=9 | permessage-deflate",
                "permessage-deflate; server_max_window_bits=8"
                        + " | permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=\"10\""
                        + " | permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=15 | permessage-deflate",
                "x-webkit-deflate-frame, permessage-deflate | permessage-deflate",
                "permessage-deflate; foo, permessage-deflate; server_max_window_bits=12"
                        + " | permessage-deflate; server_max_window_bits=12",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate"
                        + " | permessage-deflate; server_max_window_bits=9",
                "permessage-bzip2 | none"
            })
    void firstOfferThatCanBeKept_isAgreedOn(String offers, String answer) {
        try (PerMessageDeflate agreed = contexts.agree(ExtensionParserTest.extensions(offers))) {
            assertEquals(answer, agreed == null ? null : agreed.answer());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo",
                "foo=1",
                "server_no_context_takeover=1",
                "client_no_context_takeover=true",
                "server_max_window_bits",
                "server_max_window_bits=7",
                "server_max_window_bits=16",
                "server_max_window_bits=08",
                "server_max_window_bits=1",
                "client_max_window_bits=7",
                "client_max_window_bits=+9",
                "Server_no_context_takeover",
                "server_no_context_takeover; server_no_context_takeover",
                "client_max_window_bits; client_max_window_bits=10",
                "server_max_window_bits=10; server_max_window_bits=10"
            })
    void offerThatCannotBeKept_isDeclined(String parameters) {
        assertNull(contexts.agree(ExtensionParserTest.extensions(NAME + "; " + parameters)));
        assertEquals(0, contexts.reserved());
    }

    @Test
    void beyondTheBudget_noContextIsKept() {
        PerMessageDeflate first = agreed(NAME);
        PerMessageDeflate second = agreed(NAME + "; server_max_window_bits=10");
        assertEquals(NAME, first.answer());
        assertEquals(
                NAME
                        + "; server_no_context_takeover; client_no_context_takeover"
                        + "; server_max_window_bits=10",
                second.answer());
        second.close();
        assertEquals(BOTH, contexts.reserved());
        first.close();
        first.close();
        assertEquals(0, contexts.reserved());
        agreed(NAME).close();
    }

    @Test
    void contextsThatAreNotKept_areNotReserved() {
        try (PerMessageDeflate one = agreed(NAME + "; server_no_context_takeover")) {
            assertEquals(DeflateContexts.INFLATER, contexts.reserved(), one::answer);
        }
        try (PerMessageDeflate one = agreed(NAME + "; client_no_context_takeover")) {
            assertEquals(DeflateContexts.DEFLATER, contexts.reserved(), one::answer);
        }
    }

    @Test
    void idleCodecs_areFew_andNoneAfterTheEnd() {
        List<Runnable> borrowed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var deflater = contexts.deflater();
            var inflater = contexts.inflater();
            borrowed.add(() -> contexts.giveBack(deflater));
            borrowed.add(() -> contexts.giveBack(inflater));
        }
        borrowed.subList(0, 190).forEach(Runnable::run);
        assertEquals(32, contexts.idle());
        contexts.close();
        borrowed.subList(190, 200).forEach(Runnable::run);
        assertEquals(0, contexts.idle());
    }

    private PerMessageDeflate agreed(String offer) {
        return Objects.requireNonNull(contexts.agree(ExtensionParserTest.extensions(offer)));
    }
}
