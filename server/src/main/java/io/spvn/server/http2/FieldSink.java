package io.spvn.server.http2;

/// Takes the fields of a block as they are decoded, on the decoder's thread.
interface FieldSink {
    /// Asked before each field. Where it is false the field is decoded for the table's sake alone:
    /// nothing is made of it, and [#field] is not called.
    default boolean wants(int nameLength, int valueLength) {
        return true;
    }

    /// The next field. The arrays may be those of a table, so they are never written to.
    void field(byte[] name, byte[] value);
}
