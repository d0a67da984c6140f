package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.RequestQueue;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What there is to be seen of a pool by who looks closely: each worker, and requests one by one.
/// For any thread. Nothing waits for a worker, and nothing is kept for it while requests are
/// served: it goes through what the workers have in hand.
public final class Census {
    private final Fleet fleet;
    private final RequestQueue requests;

    Census(Fleet fleet, RequestQueue requests) {
        this.fleet = fleet;
        this.requests = requests;
    }

    /// Requests that may wait for a worker.
    public int queueCapacity() {
        return requests.capacity();
    }

    /// All that can be told of each worker in place, in the order of their numbers.
    public List<WorkerDetail> workers() {
        return fleet.inPlace().stream()
                .map(member -> member.detail(fleet.followed(member.number())))
                .toList();
    }

    /// HTTP requests that are not answered yet, the oldest first. A WebSocket is none: it may be as
    /// old as it likes.
    ///
    /// @param count how many at most
    public List<InHand> oldest(int count) {
        Stream<InHand> waiting =
                requests.first(count).stream().map(each -> new InHand(each, InHand.QUEUE));
        return Stream.concat(fleet.everyone().stream().flatMap(Member::inHand), waiting)
                .filter(each -> each.exchange() instanceof HttpExchange http && !http.settled())
                .sorted(Comparator.comparingLong(each -> each.exchange().createdAt()))
                .limit(count)
                .toList();
    }
}
