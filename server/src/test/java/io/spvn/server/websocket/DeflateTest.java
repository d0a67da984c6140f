package io.spvn.server.websocket;

import static io.spvn.server.websocket.Frames.FIN;
import static io.spvn.server.websocket.Frames.RSV1;
import static io.spvn.server.websocket.Frames.frame;
import static io.spvn.server.websocket.Frames.joined;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Octets;
import io.spvn.server.connection.WireBuffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compression, against a peer that is made of the JDK's codecs.
final class DeflateTest {
    private static final int MAX = 1 << 20;
    private static final byte[] TAIL = {0, 0, -1, -1};

    private final DeflateContexts contexts = new DeflateContexts(1 << 20);
    private final Ledger ledger = new Ledger(64 << 20);
    private final List<PerMessageDeflate> open = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        open.forEach(PerMessageDeflate::close);
        assertEquals(0, contexts.reserved());
        contexts.close();
        assertEquals(0, contexts.idle());
    }

    static Stream<String> offers() {
        return IntStream.rangeClosed(8, 15)
                .mapToObj(bits -> "permessage-deflate; server_max_window_bits=" + bits)
                .flatMap(
                        window ->
                                Stream.of(
                                        window,
                                        window + "; server_no_context_takeover",
                                        window + "; client_no_context_takeover"));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void messages_comeOutAsTheyWere(String offer) throws DataFormatException {
        PerMessageDeflate deflate = agreed(offer);
        Peer peer = new Peer(offer);
        var writer = new FrameWriter(ledger, deflate);
        var reader = new FrameReader(ledger, MAX, deflate);
        var random = new Random(offer.hashCode());
        for (int round = 0; round < 60; round++) {
            byte[] message = message(random);
            byte[] sent = written(writer, message);
            assertEquals(Octets.text(message), Octets.text(peer.unframed(sent)));
            List<String> received = Frames.all(reader, peer.framed(message, random));
            assertEquals(List.of("binary " + Octets.text(message)), received);
            ledger.giveBack(Ledger.weight(message.length));
        }
        assertEquals(0, ledger.held());
    }

    /// Lengths about the bounds of windows and pieces, some repetitive and some not.
    private static byte[] message(Random random) {
        int length = Math.max(0, (1 << random.nextInt(17)) + random.nextInt(5) - 2);
        byte[] message = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(message);
        } else {
            for (int i = 0; i < length; i++) {
                message[i] = (byte) ("{\"id\":".charAt(i % 6) + random.nextInt(50) / 49);
            }
        }
        return message;
    }

    /// What cannot be compressed comes twice, further apart than the window is large: a sender that
    /// keeps to it has no use of the first time.
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13})
    void window_isNotLargerThanWasAgreedOn(int bits) {
        byte[] noise = new byte[1 << bits];
        new Random(bits).nextBytes(noise);
        String offer = "permessage-deflate; server_max_window_bits=";
        byte[] twice = joined(noise, noise, noise);
        int within = written(new FrameWriter(ledger, agreed(offer + bits)), twice).length;
        int beyond = written(new FrameWriter(ledger, agreed(offer + 15)), twice).length;
        assertTrue(within >= 3 * noise.length, "sent " + within);
        assertTrue(beyond < 2 * noise.length, "sent " + beyond);
    }

    @Test
    void history_makesTheNextMessageShort() {
        byte[] message =
                Octets.of("{\"user\": \"alice\", \"room\": \"lobby\", \"text\": \"hello\"}");
        var kept = new FrameWriter(ledger, agreed("permessage-deflate"));
        var anew =
                new FrameWriter(ledger, agreed("permessage-deflate; server_no_context_takeover"));
        int first = written(kept, message).length;
        assertTrue(written(kept, message).length < first / 2);
        assertEquals(first, written(anew, message).length);
        assertEquals(first, written(anew, message).length);
    }

    @Test
    void withoutHistory_whatIsLongAndGetsNoShorterGoesOutAsItIs() {
        String offer = "permessage-deflate; server_no_context_takeover";
        var writer = new FrameWriter(ledger, agreed(offer));
        assertEquals(FIN | RSV1 | 2, written(writer, Octets.of("tiny"))[0] & 0xFF);
        byte[] noise = new byte[1024];
        new Random(1).nextBytes(noise);
        assertEquals(FIN | 2, written(writer, noise)[0] & 0xFF);
        assertEquals(FIN | RSV1 | 2, written(writer, new byte[1024])[0] & 0xFF);
    }

    @Test
    void noRoomForACompressedMessage_sendsItAsItIs_andTheNextOneIsUnderstood()
            throws DataFormatException {
        var small = new Ledger(20_000);
        var writer = new FrameWriter(small, agreed("permessage-deflate"));
        var peer = new Peer("permessage-deflate");
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        byte[] start = Arrays.copyOf(noise, 500);
        assertEquals(Octets.text(start), Octets.text(peer.unframed(written(writer, start))));
        byte[] plain = written(writer, noise);
        assertEquals(FIN | 2, plain[0] & 0xFF);
        assertEquals(0, small.held());
        byte[] sent = written(writer, start);
        assertEquals(FIN | RSV1 | 2, sent[0] & 0xFF);
        assertEquals(Octets.text(start), Octets.text(peer.unframed(sent)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; client_no_context_takeover"})
    void bomb_isStopped_andHoldsNoMoreThanAMessageMay(String parameter) {
        byte[] bomb = deflated(new byte[8 * MAX]);
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate" + parameter));
        assertEquals(List.of("MESSAGE_TOO_BIG"), Frames.all(reader, frame(FIN | RSV1 | 1, bomb)));
        assertEquals(0, ledger.held());
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX - 1, MAX, MAX + 1})
    void largestMessage_isOneOfTheAllowedSize(int length) {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        byte[] message = new byte[length];
        List<String> received = Frames.all(reader, frame(FIN | RSV1 | 2, deflated(message)));
        String expected = length > MAX ? "MESSAGE_TOO_BIG" : "binary " + Octets.text(message);
        assertEquals(List.of(expected), received);
    }

    @Test
    void noise_ofTheAllowedSize_isReceivedThoughItIsSentAsMore() {
        byte[] noise = new byte[MAX];
        new Random(1).nextBytes(noise);
        byte[] coded = deflated(noise);
        assertTrue(coded.length > MAX);
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        assertEquals(
                List.of("binary " + Octets.text(noise)),
                Frames.all(reader, frame(FIN | RSV1 | 2, coded)));
    }

    @Test
    void emptyBlocks_areNotTakenWithoutEnd() {
        byte[] empty = Octets.of("\0\0\0\u00FF\u00FF");
        byte[] many = joined(IntStream.range(0, 900).mapToObj(_ -> empty).toArray(byte[][]::new));
        var reader = new FrameReader(ledger, 1000, agreed("permessage-deflate"));
        assertEquals(List.of("MESSAGE_TOO_BIG"), Frames.all(reader, frame(FIN | RSV1 | 2, many)));
    }

    @Test
    void fragments_areInflatedTogether_aroundAPing() {
        byte[] coded = deflated(Octets.of("hello hello hello"));
        byte[] first = Arrays.copyOf(coded, 3);
        byte[] rest = Arrays.copyOfRange(coded, 3, coded.length);
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        byte[] all = joined(frame(RSV1 | 1, first), frame(FIN | 9, ""), frame(FIN, rest));
        assertEquals(List.of("ping ", "text hello hello hello"), Frames.all(reader, all, _ -> 1));
    }

    @Test
    void messageThatIsNotCompressed_isTakenToo() {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        assertEquals(List.of("text a"), Frames.all(reader, frame(FIN | 1, "a")));
        assertEquals(List.of("text "), Frames.all(reader, frame(FIN | RSV1 | 1, "")));
        assertEquals(List.of("text "), Frames.all(reader, frame(FIN | RSV1 | 1, "\0")));
    }

    /// RFC 7692 7.2.3.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00F2H\u00CD\u00C9\u00C9\u0007\u0000",
                "\u0000\u0005\u0000\u00FA\u00FFHello\u0000",
                "\u00F3H\u00CD\u00C9\u00C9\u0007\u0000\u0000",
                "\u00F3H\u00CD\u00C9\u00C9\u0007\u0000",
                "\u00F2H\u0005\u0000\u0000\u0000\u00FF\u00FF\u00CA\u00C9\u00C9\u0007\u0000"
            })
    void examplesOfTheSpecification_sayHello(String coded) {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        byte[] twice = joined(frame(FIN | RSV1 | 1, coded), frame(FIN | RSV1 | 1, coded));
        assertEquals(List.of("text Hello", "text Hello"), Frames.all(reader, twice));
    }

    @Test
    void afterALastBlock_theMessageGoesOnWithWhatItHad() {
        var last = new Deflater(9, true);
        byte[] hello = Octets.of("hello, hello, hello");
        last.setInput(hello);
        last.finish();
        byte[] one = new byte[100];
        int length = last.deflate(one);
        last.reset();
        last.setDictionary(hello);
        last.setInput(hello);
        byte[] two = new byte[100];
        int more = last.deflate(two, 0, two.length, Deflater.SYNC_FLUSH) - TAIL.length;
        last.end();
        assertTrue(more < length, "it does not refer back");
        byte[] coded = joined(Arrays.copyOf(one, length), Arrays.copyOf(two, more));
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        assertEquals(
                List.of("text hello, hello, hellohello, hello, hello"),
                Frames.all(reader, frame(FIN | RSV1 | 1, coded)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00FF\u00FF", "\7abc", "\2\2\0"})
    void malformedData_failsTheWebSocket(String coded) {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        assertEquals(List.of("COMPRESSION"), Frames.all(reader, frame(FIN | RSV1 | 1, coded)));
        assertEquals(0, ledger.held());
    }

    @Test
    void manyLastBlocks_failTheWebSocket() {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        String blocks = "\3\0".repeat(1000);
        assertEquals(List.of("COMPRESSION"), Frames.all(reader, frame(FIN | RSV1 | 2, blocks)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u00FF", "a\u00E2\u0082"})
    void compressedText_isUtf8(String text) {
        var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
        byte[] coded = deflated(Octets.of(text));
        assertEquals(List.of("TEXT"), Frames.all(reader, frame(FIN | RSV1 | 1, coded)));
        assertEquals(0, ledger.held());
    }

    @Test
    void compressedBit_isOnlyForTheFirstFrameOfAMessage() {
        for (byte[] frames :
                List.of(
                        frame(FIN | RSV1 | 9, ""),
                        frame(FIN | RSV1 | 8, ""),
                        joined(frame(RSV1 | 1, ""), frame(FIN | RSV1, "")))) {
            var reader = new FrameReader(ledger, MAX, agreed("permessage-deflate"));
            assertEquals(List.of("RESERVED_BIT"), Frames.all(reader, frames));
        }
    }

    @Test
    void closedCompression_letsMessagesGoOutAsTheyAre() {
        PerMessageDeflate deflate = agreed("permessage-deflate");
        var writer = new FrameWriter(ledger, deflate);
        written(writer, new byte[100]);
        deflate.close();
        assertEquals(FIN | 2, written(writer, new byte[100])[0] & 0xFF);
    }

    private PerMessageDeflate agreed(String offer) {
        PerMessageDeflate agreed =
                Objects.requireNonNull(contexts.agree(ExtensionParserTest.extensions(offer)));
        open.add(agreed);
        return agreed;
    }

    private static byte[] written(FrameWriter writer, byte[] message) {
        var wire = new ByteArrayOutputStream();
        var out = new WireBuffer(1000);
        out.attach((bytes, length) -> wire.write(bytes, 0, length));
        assertTrue(writer.binary(Payload.of(message), out));
        out.flush();
        return wire.toByteArray();
    }

    private static byte[] deflated(byte[] message) {
        var deflater = new Deflater(9, true);
        byte[] coded = Peer.deflated(deflater, message);
        deflater.end();
        return coded;
    }

    /// A client.
    private static final class Peer {
        private final Inflater inflater = new Inflater(true);
        private final Deflater deflater = new Deflater(9, true);
        private final boolean serverForgets;
        private final boolean forgets;

        Peer(String offer) {
            serverForgets = offer.contains("server_no_context_takeover");
            forgets = offer.contains("client_no_context_takeover");
        }

        byte[] framed(byte[] message, Random random) {
            if (forgets) {
                deflater.reset();
            }
            byte[] coded = deflated(deflater, message);
            int cut = random.nextInt(coded.length + 1);
            return joined(
                    frame(RSV1 | 2, Arrays.copyOf(coded, cut)),
                    frame(FIN, Arrays.copyOfRange(coded, cut, coded.length)));
        }

        static byte[] deflated(Deflater deflater, byte[] message) {
            deflater.setInput(message);
            byte[] coded = new byte[message.length + message.length / 8 + 100];
            int length = deflater.deflate(coded, 0, coded.length, Deflater.SYNC_FLUSH);
            return length == 0 ? new byte[1] : Arrays.copyOf(coded, length - TAIL.length);
        }

        /// The payload of one frame, inflated where the frame says so.
        byte[] unframed(byte[] frame) throws DataFormatException {
            int octets = frame[1] < 126 ? 0 : frame[1] == 126 ? 2 : 8;
            byte[] payload = Arrays.copyOfRange(frame, 2 + octets, frame.length);
            assertEquals(0x82, frame[0] & 0xBF, "one whole binary frame");
            return (frame[0] & RSV1) == 0 ? payload : inflated(payload);
        }

        private byte[] inflated(byte[] payload) throws DataFormatException {
            if (serverForgets) {
                inflater.reset();
            }
            inflater.setInput(joined(payload, TAIL));
            byte[] message = new byte[1 << 18];
            int length = inflater.inflate(message);
            assertTrue(inflater.needsInput());
            return Arrays.copyOf(message, length);
        }
    }
}
