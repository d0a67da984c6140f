package io.spvn.loadtest.compare;

/// Something that goes on beside the load; closing ends it.
interface Beside extends AutoCloseable {
    @Override
    void close();
}
