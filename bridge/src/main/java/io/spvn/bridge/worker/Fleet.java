package io.spvn.bridge.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which workers there are: those in place, one for each number, which get requests; and those that
/// pass, because they start or were told to end. One that ends by itself stays in its place.
///
///     enter -> passing -> join -> in place -> leave -> passing -> forget
///
/// For any thread. The lists never change, others take their place: who looks for a worker for a
/// request takes no lock.
final class Fleet {
    private volatile List<Member> inPlace = List.of(); // in the order of their numbers
    private volatile List<Member> passing = List.of();
    private final Map<Integer, Long> followed = new ConcurrentHashMap<>();
    private boolean closed; // guarded by the monitor

    /// One that is about to start.
    ///
    /// @return false when the fleet takes nobody any more
    synchronized boolean enter(Member member) {
        if (!closed) {
            passing = with(passing, member);
        }
        return !closed;
    }

    /// One that has entered gets requests from now on. The one that has its number leaves.
    synchronized void join(Member member) {
        Member before = find(member.number());
        if (before != null) {
            followed.merge(member.number(), 1L, Long::sum);
        }
        List<Member> others = before == null ? inPlace : without(inPlace, before);
        inPlace = sorted(with(others, member));
        passing = without(passing, member);
        if (before != null) {
            pass(before);
        }
    }

    /// One in place gets no requests any more.
    synchronized void leave(Member member) {
        inPlace = without(inPlace, member);
        pass(member);
    }

    private void pass(Member member) {
        passing = with(passing, member);
        if (member.hasEnded()) {
            forget(member); // who tells of its end may have done so before
        }
    }

    /// One that has ended, or failed to start, passes no longer.
    ///
    /// @return false when it has a place, which it keeps
    synchronized boolean forget(Member member) {
        passing = without(passing, member);
        return !inPlace.contains(member);
    }

    /// Nobody enters from now on.
    synchronized void close() {
        closed = true;
    }

    /// How often a worker has taken the place of another with this number.
    long followed(int number) {
        return followed.getOrDefault(number, 0L);
    }

    /// Those that get requests, in the order of their numbers.
    List<Member> inPlace() {
        return inPlace;
    }

    synchronized List<Member> everyone() {
        return Stream.concat(inPlace.stream(), passing.stream()).toList();
    }

    @Nullable Member find(int number) {
        for (Member member : inPlace) {
            if (member.number() == number) {
                return member;
            }
        }
        return null;
    }

    /// The lowest number that no worker in place has, and none that lives.
    synchronized int freeNumber() {
        List<Integer> taken =
                Stream.concat(inPlace.stream(), passing.stream().filter(each -> !each.hasEnded()))
                        .map(Member::number)
                        .toList();
        int number = 0;
        while (taken.contains(number)) {
            number++;
        }
        return number;
    }

    /// Whether any takes requests.
    boolean serves() {
        List<Member> members = inPlace;
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).worker().serving()) {
                return true;
            }
        }
        return false;
    }

    /// Whether any but `member` takes requests.
    boolean servesWithout(Member member) {
        return inPlace.stream().anyMatch(each -> !each.equals(member) && each.worker().serving());
    }

    /// The one that sleeps and has the fewest requests in hand, null when none sleeps.
    @Nullable Worker leastBusySleeper() {
        List<Member> members = inPlace;
        Worker best = null;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < members.size(); i++) {
            Worker worker = members.get(i).worker();
            if (worker.asleep() && worker.load() < least) {
                best = worker;
                least = worker.load();
            }
        }
        return best;
    }

    /// How those in place have ended, in words.
    String complaints() {
        return inPlace.stream()
                .map(member -> member.worker().boot())
                .map(boot -> boot == null ? "" : boot.message())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static List<Member> with(List<Member> members, Member another) {
        return Stream.concat(members.stream(), Stream.of(another)).toList();
    }

    private static List<Member> without(List<Member> members, Member one) {
        return members.stream().filter(each -> !each.equals(one)).toList();
    }

    private static List<Member> sorted(List<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparingInt(Member::number));
        return List.copyOf(sorted);
    }
}
