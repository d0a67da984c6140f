package io.spvn.server.http1;

/// Names of the header fields that HTTP/1.1 itself reads or writes, in lower case.
final class FieldNames {
    static final byte[] CONNECTION = Ascii.bytes("connection");
    static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    static final byte[] DATE = Ascii.bytes("date");
    static final byte[] EXPECT = Ascii.bytes("expect");
    static final byte[] HOST = Ascii.bytes("host");
    static final byte[] SERVER = Ascii.bytes("server");
    static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    static final byte[] UPGRADE = Ascii.bytes("upgrade");

    private FieldNames() {}
}
