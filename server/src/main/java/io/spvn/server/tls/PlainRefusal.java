package io.spvn.server.tls;

/// What a client gets that speaks HTTP where HTTPS is spoken.
final class PlainRefusal {
    private static final String TEXT =
            "This address speaks HTTPS only, and the request came without encryption: use https://";

    static final int STATUS = 400;
    static final int CONTENT = TEXT.length();

    private PlainRefusal() {}

    static byte[] bytes() {
        return Pem.ascii(
                """
                HTTP/1.1 400 Bad Request
                content-type: text/plain; charset=utf-8
                content-length: %d
                connection: close

                """
                                .formatted(TEXT.length())
                                .replace("\n", "\r\n")
                        + TEXT);
    }
}
