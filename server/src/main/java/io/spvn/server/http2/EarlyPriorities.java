package io.spvn.server.http2;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients have said of streams that they have not opened yet (RFC 9218 7.1): as much of it as
/// a client can mean, the latest. The reader's thread.
final class EarlyPriorities {
    private static final int MOST = 64;

    private @Nullable Map<Integer, Priority> byStream; // null while there is none

    void note(int stream, Priority priority) {
        Map<Integer, Priority> all = byStream;
        if (all == null) {
            all = new LinkedHashMap<>();
            byStream = all;
        }
        all.remove(stream);
        if (all.size() == MOST) {
            all.remove(all.keySet().iterator().next());
        }
        all.put(stream, priority);
    }

    /// For a stream that is opened now; it counts in place of what its request says.
    @Nullable Priority take(int stream) {
        Map<Integer, Priority> all = byStream;
        if (all == null) {
            return null;
        }
        Priority noted = all.remove(stream);
        if (all.isEmpty()) {
            byStream = null;
        }
        return noted;
    }
}
