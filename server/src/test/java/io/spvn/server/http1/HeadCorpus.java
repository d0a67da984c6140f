package io.spvn.server.http1;

import io.spvn.server.http.RequestRules;
import io.spvn.server.http.Rule;
import java.util.List;
import java.util.stream.Stream;

/// Request heads that are refused, each with the rule that it breaks, and heads that are not: for
/// the tests of the rules, of the parser, and of its endurance.
final class HeadCorpus {
    /// A head and the rule that it breaks.
    record Refused(Rule rule, String request) {
        @Override
        public String toString() {
            return rule + ": " + shown(request);
        }
    }

    static final List<Refused> REFUSED =
            Stream.of(
                            lineEnds(),
                            requestLines(),
                            versions(),
                            targets(),
                            connect(),
                            fields(),
                            limits(),
                            hosts(),
                            lengths(),
                            codings())
                    .flatMap(List::stream)
                    .toList();

    static final List<String> ACCEPTED =
            List.of(
                    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.0\r\n\r\n",
                    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                    "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /a%20b?c=%20 HTTP/1.1\r\nHOST: a\r\n\r\n",
                    "PROPFIND //a/../b;c HTTP/1.1\r\nHost: a:80\r\n\r\n",
                    "M-SEARCH /caf\u00c3\u00a9 HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /\\\"<>^`{|} HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /? HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET http://b.example:81/p?q HTTP/1.1\r\nX: 1\r\nHost: a\r\n\r\n",
                    "GET HTTPS://b HTTP/1.1\r\nHost:\r\n\r\n",
                    "GET http://b?q HTTP/1.0\r\nX: 1\r\n\r\n",
                    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                    "OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n",
                    "OPTIONS http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
                    "CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n",
                    "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n",
                    get("X:\r\n"),
                    get("X: \t v \t \r\n"),
                    get("X: a\tb\u0080\u00ff\r\n"),
                    get("!#$%&'*+-.^_`|~09AZ: v\r\n"),
                    get("A: 1\r\nB: 2\r\nA: 3\r\n"),
                    get("Content-Length: 0\r\n"),
                    get("Content-Length:\t5 \r\n"),
                    get("Content-Length: 9223372036854775807\r\n"),
                    get("Transfer-Encoding: chunked\r\n"),
                    get("TRANSFER-ENCODING:\tCHUNKED \r\n"),
                    get("Connection: Close\r\n"),
                    get("Connection: a, ,keep-alive\r\nConnection: upgrade , CLOSE\r\n"),
                    get("Connection: disclose\r\n"),
                    get("Content-Length: 1\r\nExpect: 100-Continue\r\n"),
                    get("Expect: 100-continue\r\n"),
                    get("Content-Length: 1\r\nExpect: 200-ok\r\n"),
                    withHost("[::1]:8000"),
                    withHost("[2001:db8::192.0.2.1]"),
                    withHost("127.0.0.1:"),
                    withHost("a_b.example"),
                    withHost("%41.example"));

    private HeadCorpus() {}

    static String shown(String request) {
        String start = request.length() > 120 ? request.substring(0, 120) + "..." : request;
        var shown = new StringBuilder();
        start.chars().forEach(c -> shown.append(c >= ' ' && c < 0x7F ? plain(c) : escaped(c)));
        return shown.toString();
    }

    private static String plain(int c) {
        return String.valueOf((char) c);
    }

    private static String escaped(int c) {
        return "\\x%02x".formatted(c);
    }

    private static List<Refused> lineEnds() {
        return List.of(
                no(HeadRules.BARE_LF, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                no(HeadRules.BARE_LF, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
                no(HeadRules.BARE_LF, "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: w\r\n\r\n"),
                no(HeadRules.NO_COLON, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
                no(HeadRules.BARE_LF, "GET / HTTP/1.1\r\nHost: a\r\nX\n\r\n"),
                no(HeadRules.BARE_LF, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                no(HeadRules.BARE_LF, "GET /\nHTTP/1.1\r\nHost: a\r\n\r\n"),
                no(HeadRules.BARE_LF, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                no(HeadRules.BARE_CR, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
                no(HeadRules.BARE_CR, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
                no(HeadRules.BARE_CR, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                no(HeadRules.BARE_CR, get("X: val\rue\r\n")),
                no(HeadRules.BARE_CR, get("X: value\r\r\n")),
                no(HeadRules.BARE_CR, "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
                no(HeadRules.EMPTY_LINES, "\r\n".repeat(5) + get("")));
    }

    private static List<Refused> requestLines() {
        return List.of(
                no(HeadRules.REQUEST_LINE, "GET\r\n\r\n"),
                no(HeadRules.REQUEST_LINE, "GET /\r\n\r\n"),
                no(HeadRules.REQUEST_LINE, line("GET HTTP/1.1")),
                no(HeadRules.REQUEST_LINE, line("GET  / HTTP/1.1")),
                no(HeadRules.REQUEST_LINE, line("GET  HTTP/1.1")),
                no(HeadRules.METHOD, line(" GET / HTTP/1.1")),
                no(HeadRules.METHOD, line("   ")),
                no(HeadRules.METHOD, line("GET\t/ HTTP/1.1")),
                no(HeadRules.METHOD, line("G(T / HTTP/1.1")),
                no(HeadRules.METHOD, line("G\u00cbT / HTTP/1.1")),
                no(HeadRules.METHOD, line("G\0T / HTTP/1.1")),
                no(HeadRules.METHOD, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
                no(RequestRules.METHOD_CASE, line("head / HTTP/1.1")),
                no(RequestRules.METHOD_CASE, line("Get / HTTP/1.1")),
                no(HeadRules.METHOD, line(": / HTTP/1.1")));
    }

    private static List<Refused> versions() {
        return List.of(
                no(HeadRules.VERSION_SYNTAX, line("GET / ")),
                no(HeadRules.VERSION_SYNTAX, line("GET /pa th HTTP/1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET /  HTTP/1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1.1 ")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/ 1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1.")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1.10")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/01.01")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1,1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/x.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / http/1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP-1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTPS/1.1")),
                no(HeadRules.VERSION_SYNTAX, line("GET / HTTP/1.1\0")),
                no(HeadRules.VERSION_UNSUPPORTED, line("GET / HTTP/0.9")),
                no(HeadRules.VERSION_UNSUPPORTED, line("GET / HTTP/1.2")),
                no(HeadRules.VERSION_UNSUPPORTED, line("GET / HTTP/2.0")),
                no(HeadRules.VERSION_UNSUPPORTED, line("GET / HTTP/2.1")),
                no(HeadRules.VERSION_UNSUPPORTED, line("GET / HTTP/9.9")),
                no(HeadRules.VERSION_UNSUPPORTED, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    private static List<Refused> targets() {
        return List.of(
                no(RequestRules.TARGET_CONTROL, line("GET /\0 HTTP/1.1")),
                no(RequestRules.TARGET_CONTROL, line("GET /a\tb HTTP/1.1")),
                no(RequestRules.TARGET_CONTROL, line("GET /\u007f HTTP/1.1")),
                no(RequestRules.TARGET_CONTROL, line("GET \t/ HTTP/1.1")),
                no(RequestRules.TARGET_FRAGMENT, line("GET /a#b HTTP/1.1")),
                no(RequestRules.TARGET_FRAGMENT, line("GET /?a#b HTTP/1.1")),
                no(RequestRules.TARGET_FRAGMENT, line("GET # HTTP/1.1")),
                no(RequestRules.TARGET_FRAGMENT, line("GET http://a/#b HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET a HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET ?a HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET a.example:80 HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET http:/a HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET ftp://a/ HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("GET file:///etc/passwd HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("OPTIONS ** HTTP/1.1")),
                no(RequestRules.TARGET_FORM, line("OPTIONS */ HTTP/1.1")),
                no(RequestRules.TARGET_ASTERISK, line("GET * HTTP/1.1")),
                no(RequestRules.TARGET_USERINFO, line("GET http://u@a/ HTTP/1.1")),
                no(RequestRules.TARGET_USERINFO, line("GET http://u:p@a/ HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http:// HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http:///a HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http://:80/ HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http://a:b/ HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http://a,b/ HTTP/1.1")),
                no(RequestRules.TARGET_AUTHORITY, line("GET http://a\\b/ HTTP/1.1")));
    }

    private static List<Refused> connect() {
        return List.of(
                no(RequestRules.TARGET_CONNECT, line("CONNECT / HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT * HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT a HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT a: HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT :443 HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT a:0 HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT a:65536 HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT a:443/ HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT u@a:443 HTTP/1.1")),
                no(RequestRules.TARGET_CONNECT, line("CONNECT http://a:443 HTTP/1.1")));
    }

    private static List<Refused> fields() {
        return List.of(
                no(HeadRules.OBS_FOLD, get("X: a\r\n b\r\n")),
                no(HeadRules.OBS_FOLD, get("X: a\r\n\tb\r\n")),
                no(HeadRules.OBS_FOLD, get("Transfer-Encoding:\r\n chunked\r\n")),
                no(HeadRules.SPACE_BEFORE_FIELDS, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                no(HeadRules.SPACE_BEFORE_FIELDS, "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
                no(HeadRules.SPACE_BEFORE_FIELDS, "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"),
                no(HeadRules.SPACE_BEFORE_COLON, get("X : y\r\n")),
                no(HeadRules.SPACE_BEFORE_COLON, get("X\t: y\r\n")),
                no(HeadRules.SPACE_BEFORE_COLON, get("Content-Length : 5\r\n")),
                no(HeadRules.SPACE_BEFORE_COLON, get("Transfer-Encoding : chunked\r\n")),
                no(HeadRules.SPACE_BEFORE_COLON, get("Bad Name: y\r\n")),
                no(HeadRules.NAME_EMPTY, get(": y\r\n")),
                no(HeadRules.NO_COLON, get("NoColonHere\r\n")),
                no(HeadRules.NAME_SYNTAX, get("Bad[Name: y\r\n")),
                no(HeadRules.NAME_SYNTAX, get("X\0: y\r\n")),
                no(HeadRules.NAME_SYNTAX, get("X-T\u00c3\u00abst: y\r\n")),
                no(HeadRules.NAME_SYNTAX, get("\"X\": y\r\n")),
                no(RequestRules.NAME_LOOKALIKE, get("Content_Length: 5\r\n")),
                no(RequestRules.NAME_LOOKALIKE, get("TRANSFER_ENCODING: chunked\r\n")),
                no(HeadRules.VALUE_CONTROL, get("X: a\0b\r\n")),
                no(HeadRules.VALUE_CONTROL, get("X: a\u0007b\r\n")),
                no(HeadRules.VALUE_CONTROL, get("X: a\u000bb\r\n")),
                no(HeadRules.VALUE_CONTROL, get("X: \u007f\r\n")),
                no(HeadRules.VALUE_CONTROL, get("Transfer-Encoding: \u000bchunked\r\n")),
                no(HeadRules.VALUE_CONTROL, get("Transfer-Encoding: \u000cchunked\r\n")),
                no(HeadRules.VALUE_CONTROL, get("Transfer-Encoding: chunked\0\r\n")));
    }

    private static List<Refused> limits() {
        String line = "x".repeat(Heads.MAX_LINE);
        String head = "x".repeat(Heads.MAX_BYTES);
        return List.of(
                no(HeadRules.LINE_TOO_LONG, line("GET /" + line + " HTTP/1.1")),
                no(HeadRules.LINE_TOO_LONG, line(line + " / HTTP/1.1")),
                no(HeadRules.LINE_TOO_LONG, line("GET / " + line)),
                no(HeadRules.LINE_TOO_LONG, head + head),
                no(RequestRules.HEAD_TOO_LARGE, get("X: " + head + "\r\n")),
                no(RequestRules.HEAD_TOO_LARGE, get("X:" + " ".repeat(head.length()) + "\r\n")),
                no(RequestRules.HEAD_TOO_LARGE, get(head + ": y\r\n")),
                no(RequestRules.TOO_MANY_FIELDS, get("X: y\r\n".repeat(Heads.MAX_FIELDS))));
    }

    private static List<Refused> hosts() {
        return List.of(
                no(RequestRules.HOST_MISSING, "GET / HTTP/1.1\r\n\r\n"),
                no(RequestRules.HOST_MISSING, "GET / HTTP/1.1\r\nX-Host: a\r\n\r\n"),
                no(RequestRules.HOST_MISSING, "GET http://a/ HTTP/1.1\r\n\r\n"),
                no(RequestRules.HOST_REPEATED, get("Host: a\r\n")),
                no(RequestRules.HOST_REPEATED, get("Host: other\r\n")),
                no(RequestRules.HOST_REPEATED, "GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n"),
                no(
                        RequestRules.HOST_REPEATED,
                        "GET http://b/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                no(RequestRules.HOST_EMPTY, withHost("")),
                no(RequestRules.HOST_EMPTY, withHost(" \t")),
                no(RequestRules.HOST_EMPTY, "GET / HTTP/1.0\r\nHost:\r\n\r\n"),
                no(RequestRules.HOST_SYNTAX, withHost("user@a")),
                no(RequestRules.HOST_SYNTAX, withHost("user:secret@a:80")),
                no(RequestRules.HOST_SYNTAX, withHost("a,b")),
                no(RequestRules.HOST_SYNTAX, withHost("a, b.example")),
                no(RequestRules.HOST_SYNTAX, withHost("a b")),
                no(RequestRules.HOST_SYNTAX, withHost("a/path")),
                no(RequestRules.HOST_SYNTAX, withHost("http://a")),
                no(RequestRules.HOST_SYNTAX, withHost("a?q")),
                no(RequestRules.HOST_SYNTAX, withHost("a\\b")),
                no(RequestRules.HOST_SYNTAX, withHost(":80")),
                no(RequestRules.HOST_SYNTAX, withHost("a:80a")),
                no(RequestRules.HOST_SYNTAX, withHost("a:-1")),
                no(RequestRules.HOST_SYNTAX, withHost("a:80:80")),
                no(RequestRules.HOST_SYNTAX, withHost("::1")),
                no(RequestRules.HOST_SYNTAX, withHost("[::1")),
                no(RequestRules.HOST_SYNTAX, withHost("[]")),
                no(RequestRules.HOST_SYNTAX, withHost("[::1]a")),
                no(RequestRules.HOST_SYNTAX, withHost("[::g]")),
                no(RequestRules.HOST_SYNTAX, withHost("a%2")),
                no(RequestRules.HOST_SYNTAX, withHost("a%zz")),
                no(RequestRules.HOST_SYNTAX, withHost("b\u00fccher.example")),
                no(RequestRules.HOST_SYNTAX, "GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n"));
    }

    private static List<Refused> lengths() {
        return List.of(
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length:\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: +5\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: -1\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: -0\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: abc\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 5x\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 0x5\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 0o5\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 1_0\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 1 0\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 5.0\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 5, 5\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 5, 10\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: ,5\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 00\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 005\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 9223372036854775808\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: 99999999999999999999\r\n")),
                no(RequestRules.LENGTH_SYNTAX, get("Content-Length: \u00b2\r\n")),
                no(RequestRules.LENGTH_REPEATED, get("Content-Length: 5\r\nContent-Length: 5\r\n")),
                no(
                        RequestRules.LENGTH_REPEATED,
                        get("Content-Length: 5\r\ncontent-length: 10\r\n")));
    }

    private static List<Refused> codings() {
        String chunked = "Transfer-Encoding: chunked\r\n";
        return List.of(
                no(HeadRules.LENGTH_AND_CODING, get("Content-Length: 5\r\n" + chunked)),
                no(HeadRules.LENGTH_AND_CODING, get(chunked + "Content-Length: 5\r\n")),
                no(HeadRules.LENGTH_AND_CODING, get(chunked + "Content-Length: +5\r\n")),
                no(HeadRules.LENGTH_AND_CODING, coding("xchunked\r\nContent-Length: 5")),
                no(HeadRules.LENGTH_AND_CODING, coding("identity\r\nContent-Length: 5")),
                no(HeadRules.CODING_IN_HTTP10, "GET / HTTP/1.0\r\n" + chunked + "\r\n"),
                no(HeadRules.CODING_IN_HTTP10, "GET / HTTP/1.0\r\nTransfer-Encoding: x\r\n\r\n"),
                no(HeadRules.CODING_SYNTAX, coding("")),
                no(HeadRules.CODING_SYNTAX, coding(", chunked")),
                no(HeadRules.CODING_SYNTAX, coding("chunked,")),
                no(HeadRules.CODING_SYNTAX, coding("chunked;q=1")),
                no(HeadRules.CODING_SYNTAX, coding("\"chunked\"")),
                no(HeadRules.CODING_SYNTAX, coding("chunked chunked")),
                no(HeadRules.CODING_SYNTAX, coding("chunk\u00e9d")),
                no(HeadRules.CODING_NOT_FINAL, coding("xchunked")),
                no(HeadRules.CODING_NOT_FINAL, coding("chunkedx")),
                no(HeadRules.CODING_NOT_FINAL, coding("'chunked'")),
                no(HeadRules.CODING_NOT_FINAL, coding("chunked, gzip")),
                no(HeadRules.CODING_NOT_FINAL, coding("chunked, identity")),
                no(HeadRules.CODING_NOT_FINAL, coding("chunked, chunked")),
                no(HeadRules.CODING_NOT_FINAL, get(chunked + chunked)),
                no(HeadRules.CODING_NOT_FINAL, get(chunked + "Transfer-Encoding: identity\r\n")),
                no(HeadRules.CODING_UNKNOWN, coding("gzip")),
                no(HeadRules.CODING_UNKNOWN, coding("identity")),
                no(HeadRules.CODING_UNKNOWN, coding("gzip, chunked")),
                no(HeadRules.CODING_UNKNOWN, get("Transfer-Encoding: gzip\r\n" + chunked)));
    }

    private static Refused no(Rule rule, String request) {
        return new Refused(rule, request);
    }

    private static String line(String requestLine) {
        return requestLine + "\r\nHost: a\r\n\r\n";
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static String coding(String coding) {
        return get("Transfer-Encoding: " + coding + "\r\n");
    }

    private static String withHost(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }
}
