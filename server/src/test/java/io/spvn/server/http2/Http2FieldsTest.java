package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.server.connection.Octets;
import io.spvn.server.http.HttpError;
import io.spvn.server.http.RequestRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http2FieldsTest {
    private static final String GET = ":method=GET|:scheme=https|:path=/|:authority=a|";
    private static final String CONNECT = ":method=CONNECT|:authority=a:1|";
    private static final String WEBSOCKET =
            ":method=CONNECT|:protocol=websocket|:scheme=https|:path=/|:authority=a|";

    /// Fields written as `name=value|name=value`, with `\` for what a table cannot show.
    private static Http2Fields taken(boolean protocols, String fields) {
        var taken = new Http2Fields(1000, 12, protocols);
        for (String field : fields.split("\\|", -1)) {
            if (!field.isEmpty()) {
                int equals = field.indexOf('=', 0);
                give(taken, field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return taken;
    }

    private static void give(Http2Fields fields, String name, String value) {
        byte[] text = Octets.of(value.translateEscapes());
        if (fields.wants(name.length(), text.length)) {
            fields.field(Octets.of(name), text);
        }
    }

    private static Http2Head head(String fields) throws MalformedFields {
        return taken(true, fields).head();
    }

    private static String text(Headers headers) {
        var text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            int from = headers.nameStart(i);
            text.append(Octets.text(headers.block(), from, headers.nameEnd(i) - from));
            text.append('=').append(Octets.text(headers.value(i))).append('|');
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "NAME_EMPTY GET|=a",
                "NAME_CAPITAL GET|Abc=a",
                "NAME_SYNTAX GET|a:b=a",
                "NAME_SYNTAX GET|\u00e4=a",
                "VALUE_CONTROL GET|a=b\\rc",
                "VALUE_CONTROL GET|a=b\\nc",
                "VALUE_CONTROL GET|a=b\\0c",
                "VALUE_BLANK GET|a=\\sb",
                "VALUE_BLANK GET|a=b\\t",
                "CONNECTION_FIELD GET|connection=close",
                "CONNECTION_FIELD GET|keep-alive=1",
                "CONNECTION_FIELD GET|proxy-connection=a",
                "CONNECTION_FIELD GET|transfer-encoding=chunked",
                "CONNECTION_FIELD GET|upgrade=h2c",
                "TE GET|te=trailers,\\sdeflate",
                "PSEUDO_LATE :method=GET|a=b|:path=/",
                "PSEUDO_REPEATED GET|:path=/",
                "PSEUDO_UNKNOWN GET|:status=200",
                "PSEUDO_UNKNOWN GET|:=a",
                "METHOD_MISSING :scheme=http|:path=/|:authority=a",
                "METHOD_SYNTAX :method=|:scheme=http|:path=/|:authority=a",
                "METHOD_SYNTAX :method=G\\sT|:scheme=http|:path=/|:authority=a",
                "SCHEME_MISSING :method=GET|:path=/|:authority=a",
                "SCHEME_SYNTAX :method=GET|:scheme=|:path=/|:authority=a",
                "SCHEME_SYNTAX :method=GET|:scheme=1a|:path=/|:authority=a",
                "SCHEME_SYNTAX :method=GET|:scheme=http:|:path=/|:authority=a",
                "PATH_MISSING :method=GET|:scheme=http|:authority=a",
                "PATH_MISSING :method=GET|:scheme=http|:authority=a|:path=",
                "PATH_FORM :method=GET|:scheme=http|:authority=a|:path=http://a/",
                "AUTHORITY_AND_HOST GET|host=b",
                "AUTHORITY_AND_HOST GET|host=a:80",
                "CONNECT_FIELDS CONNECT|:path=/",
                "CONNECT_FIELDS CONNECT|:scheme=http",
                "CONNECT_AUTHORITY :method=CONNECT|host=a:1",
                "CONNECT_AUTHORITY :method=CONNECT|:protocol=x|:scheme=http|:path=/|host=a",
                "SCHEME_MISSING CONNECT|:protocol=x|:path=/",
                "PATH_MISSING CONNECT|:protocol=x|:scheme=http",
                "PROTOCOL_METHOD GET|:protocol=websocket",
                "PROTOCOL_SYNTAX CONNECT|:protocol=a\\sb|:path=/|:scheme=http",
            })
    void malformedRequests_breakARule(FieldRules rule, String fields) {
        Http2Fields taken = taken(true, whole(fields));
        assertEquals(rule, assertThrows(MalformedFields.class, taken::head).rule());
    }

    private static String whole(String fields) {
        return fields.replace("GET|", fields.startsWith("GET") ? GET : "GET|")
                .replaceFirst("^CONNECT\\|", CONNECT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "METHOD_CASE :method=get|:scheme=http|:path=/|:authority=a",
                "TARGET_ASTERISK :method=GET|:scheme=http|:path=*|:authority=a",
                "TARGET_FRAGMENT :method=GET|:scheme=http|:path=/#a|:authority=a",
                "TARGET_CONTROL :method=GET|:scheme=http|:path=/a\\sb|:authority=a",
                "TARGET_USERINFO :method=GET|:scheme=http|:path=/|:authority=me@a",
                "TARGET_AUTHORITY :method=GET|:scheme=http|:path=/|:authority=",
                "TARGET_AUTHORITY :method=GET|:scheme=http|:path=/|:authority=a,b",
                "TARGET_CONNECT :method=CONNECT|:authority=a",
                "HOST_MISSING :method=GET|:scheme=http|:path=/",
                "HOST_EMPTY :method=GET|:scheme=http|:path=/|host=",
                "HOST_REPEATED :method=GET|:scheme=http|:path=/|host=a|host=a",
                "HOST_REPEATED GET|host=a|host=a",
                "LENGTH_SYNTAX GET|content-length=1a",
                "LENGTH_REPEATED GET|content-length=1|content-length=1",
                "NAME_LOOKALIKE GET|content_length=1",
            })
    void requestsWithARuleOfEveryVersion_areAnswered(RequestRules rule, String fields) {
        Http2Fields taken = taken(true, whole(fields));
        assertEquals(
                rule.error().getMessage(), assertThrows(HttpError.class, taken::head).getMessage());
    }

    @Test
    void request_isWhatHttp1WouldMakeOfIt() throws MalformedFields {
        Http2Head head =
                head(
                        ":path=/a%20b?c|:authority=a:8|:method=POST|:scheme=http|x=\u00e4|x=|te=trailers"
                                + "|content-length=7|expect=100-continue");
        Scope.Http scope = head.scope(new Peers("http", null, null), head.headers());
        assertEquals("2", scope.httpVersion());
        assertEquals("POST", scope.method());
        assertEquals("/a b", Octets.text(scope.path()));
        assertEquals("/a%20b", Octets.text(scope.rawPath()));
        assertEquals("c", Octets.text(scope.query()));
        assertEquals(
                "host=a:8|x=\u00e4|x=|te=trailers|content-length=7|expect=100-continue|",
                text(scope.headers()));
        assertEquals("POST /a%20b?c", head.line());
        assertEquals(7, head.contentLength());
        assertTrue(head.expectsContinue());
        assertEquals("http", head.scheme());
        assertNull(head.protocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=A|", "host=a:443|", "host=a:|", ""})
    void hostThatIsTheAuthority_isOne(String host) throws MalformedFields {
        assertEquals("host=a|b=c|", text(head(GET + host + "b=c").headers()));
    }

    @Test
    void hostWithoutAuthority_staysWhereItIs() throws MalformedFields {
        String fields = "b=c|host=a|";
        assertEquals(fields, text(head(":method=GET|:scheme=http|:path=/|" + fields).headers()));
    }

    @Test
    void crumbsOfACookie_areOne() throws MalformedFields {
        assertEquals(
                "host=a|x=1|cookie=a=b; c=d; e=f|y=2|",
                text(head(GET + "x=1|cookie=a=b|y=2|cookie=c=d|cookie=e=f").headers()));
    }

    @Test
    void options_mayAskTheServerAsAWhole() throws MalformedFields {
        Http2Head head = head(":method=OPTIONS|:scheme=http|:path=*|:authority=a");
        assertEquals("*", Octets.text(head.target().path()));
    }

    @Test
    void connect_hasItsAuthorityForATarget() throws MalformedFields {
        Http2Head head = head(CONNECT + "b=c");
        assertTrue(head.isConnect());
        assertFalse(head.asksForWebSocket());
        assertEquals("CONNECT a:1", head.line());
        assertEquals("host=a:1|b=c|", text(head.headers()));
    }

    @Test
    void connectWithAProtocol_hasAPath() throws MalformedFields {
        Http2Head head = head(WEBSOCKET.replace("=/|", "=/chat?x|"));
        assertTrue(head.asksForWebSocket());
        Scope.WebSocket scope =
                head.webSocketScope(new Peers("https", null, null), head.headers(), List.of("v1"));
        assertEquals("2", scope.httpVersion());
        assertEquals("/chat", Octets.text(scope.path()));
        assertEquals("x", Octets.text(scope.query()));
        assertEquals("wss", scope.scheme());
    }

    @Test
    void protocolThatWasNotOffered_isUnknown() {
        Http2Fields taken = taken(false, WEBSOCKET);
        MalformedFields broken = assertThrows(MalformedFields.class, taken::head);
        assertEquals(FieldRules.PSEUDO_UNKNOWN, broken.rule());
    }

    @Test
    void tooManyFieldsAndTooLargeOnes_areNotWantedAndAnswered() {
        Http2Fields many = taken(true, GET + "a=b|".repeat(9));
        assertFalse(many.wants(1, 1));
        assertEquals(431, assertThrows(HttpError.class, many::head).status());
        Http2Fields large = taken(true, GET + "a=" + "b".repeat(1000));
        assertFalse(large.wants(1, 1));
        HttpError error = assertThrows(HttpError.class, large::head);
        assertEquals(RequestRules.HEAD_TOO_LARGE.error().getMessage(), error.getMessage());
    }

    @Test
    void trailers_haveNoPseudoHeaderFields() throws MalformedFields {
        assertEquals("a=b|c=d|", text(taken(true, "a=b|c=d").trailers()));
        Http2Fields pseudo = taken(true, ":path=/|a=b");
        MalformedFields broken = assertThrows(MalformedFields.class, pseudo::trailers);
        assertEquals(FieldRules.PSEUDO_IN_TRAILERS, broken.rule());
        Http2Fields upgrade = taken(true, "upgrade=a");
        assertThrows(MalformedFields.class, upgrade::trailers);
    }
}
