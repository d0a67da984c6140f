package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackDecoderTest {
    private final HpackDecoder decoder = new HpackDecoder(4096);

    @Test
    void literalFields_asInAppendixC2() throws HpackError {
        assertEquals(
                "custom-key: custom-header\n",
                Decoded.of(
                        decoder,
                        "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
        assertEquals(":path: /sample/path\n", Decoded.of(decoder, "040c2f73616d706c652f70617468"));
        assertEquals(
                "password: secret\n", Decoded.of(decoder, "100870617373776f726406736563726574"));
        assertEquals(":method: GET\n", Decoded.of(decoder, "82"));
        assertEquals("custom-key: custom-header\n", Decoded.of(decoder, "be"));
    }

    @ParameterizedTest
    @CsvSource({
        "828684410f7777772e6578616d706c652e636f6d, 828684be58086e6f2d6361636865,"
                + "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        "828684418cf1e3c2e5f23a6ba0ab90f4ff, 828684be5886a8eb10649cbf,"
                + "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"
    })
    void requests_asInAppendixC3AndC4(String first, String second, String third) throws HpackError {
        String start = ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\n";
        assertEquals(start, Decoded.of(decoder, first));
        assertEquals(start + "cache-control: no-cache\n", Decoded.of(decoder, second));
        assertEquals(
                """
                :method: GET
                :scheme: https
                :path: /index.html
                :authority: www.example.com
                custom-key: custom-value
                """,
                Decoded.of(decoder, third));
    }

    /// The table has 256 octets there, so entries give way.
    @Test
    void responses_asInAppendixC6() throws HpackError {
        var small = new HpackDecoder(256);
        String rest =
                """
                cache-control: private
                date: Mon, 21 Oct 2013 20:13:21 GMT
                location: https://www.example.com
                """;
        assertEquals(
                ":status: 302\n" + rest,
                Decoded.of(
                        small,
                        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                                + "6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        assertEquals(":status: 307\n" + rest, Decoded.of(small, "4883640effc1c0bf"));
        assertEquals(
                """
                :status: 200
                cache-control: private
                date: Mon, 21 Oct 2013 20:13:22 GMT
                location: https://www.example.com
                content-encoding: gzip
                set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1
                """,
                Decoded.of(
                        small,
                        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7"
                                + "821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065"
                                + "c003ed4ee5b1063d5007"));
    }

    @ParameterizedTest
    @CsvSource({
        "80, no table has the index 0",
        "be, no table has the index 62",
        "7f0000, no table has the index 63",
        "ff, the block ends within an integer",
        "ff808080808000, an integer has too many octets",
        "ffffffffff7f, an integer is too large",
        "00, the block ends before a string",
        "000161, the block ends before a string",
        "00036100, a string is longer than its block",
        "00ffffffffff0f61, an integer is too large",
        "3fe21f, the table is to be larger than was allowed",
        "8220, the table changes its size within a block",
        "000161 81 00, a Huffman-coded string is not padded with up to seven ones",
        "000161 82 1fff, a Huffman-coded string is not padded with up to seven ones",
        "000161 84 ffffffff, a Huffman-coded string has EOS in it",
    })
    void whatIsNoBlock_isAnError(String hex, String message) {
        HpackError error = assertThrows(HpackError.class, () -> Decoded.of(decoder, hex));
        assertEquals(message, error.getMessage());
        assertEquals(0, error.getStackTrace().length);
    }

    @Test
    void sizeUpdates_emptyTheTable_whereABlockBegins() throws HpackError {
        assertEquals("a: b\n", Decoded.of(decoder, "4001610162"));
        assertEquals("a: b\n", Decoded.of(decoder, "be"));
        assertEquals("a: b\n", Decoded.of(decoder, "20 3fe11f 4001610162"));
        assertThrows(HpackError.class, () -> Decoded.of(decoder, "bf"));
    }

    @Test
    void entryLargerThanTheTable_emptiesIt() throws HpackError {
        var small = new HpackDecoder(40);
        assertEquals("a: b\n", Decoded.of(small, "4001610162"));
        assertEquals("a: 123456789\n", Decoded.of(small, "40016109313233343536373839"));
        assertThrows(HpackError.class, () -> Decoded.of(small, "be"));
    }

    /// An entry named a thousand times is one array.
    @Test
    void indexedFields_areHandedOutWithoutACopy() throws HpackError {
        List<byte[]> values = new ArrayList<>();
        byte[] block = HexFormat.of().parseHex("4001610162" + "be".repeat(1000));
        decoder.decode(block, 0, block.length, (_, value) -> values.add(value));
        assertEquals(1001, values.size());
        values.forEach(value -> assertSame(values.get(0), value));
    }

    @Test
    void unwantedFields_becomeEntriesAllTheSame() throws HpackError {
        byte[] block = HexFormat.of().parseHex("4001610162");
        decoder.decode(
                block,
                0,
                block.length,
                new FieldSink() {
                    @Override
                    public boolean wants(int nameLength, int valueLength) {
                        return false;
                    }

                    @Override
                    public void field(byte[] name, byte[] value) {
                        throw new AssertionError("not wanted");
                    }
                });
        assertEquals("a: b\n", Decoded.of(decoder, "be"));
    }
}
