package io.spvn.server.http;

/// Names of the header fields that the server itself reads or writes, in some version of HTTP, in
/// lower case.
public final class FieldNames {
    public static final byte[] CONNECTION = Ascii.bytes("connection");
    public static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    public static final byte[] DATE = Ascii.bytes("date");
    public static final byte[] EXPECT = Ascii.bytes("expect");
    public static final byte[] HOST = Ascii.bytes("host");
    public static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    public static final byte[] PROXY_CONNECTION = Ascii.bytes("proxy-connection");
    public static final byte[] REQUEST_ID = Ascii.bytes("x-request-id");
    public static final byte[] SERVER = Ascii.bytes("server");
    public static final byte[] STRICT_TRANSPORT_SECURITY = Ascii.bytes("strict-transport-security");
    public static final byte[] TE = Ascii.bytes("te");
    public static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    public static final byte[] UPGRADE = Ascii.bytes("upgrade");

    private FieldNames() {}
}
