package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Brings workers up, each until its app serves. Used by one thread at a time, but for what is
/// marked.
final class Launcher {
    /// Start-up of the interpreter and import of the app come on top of the app's own limit.
    private static final Duration IMPORT_ALLOWANCE = Duration.ofMinutes(5);

    /// What all workers share.
    ///
    /// @param requests those that wait for any of them
    /// @param exchanges told what becomes of requests
    /// @param onRefusal told of each module that one does not load; see [WorkerFactory.Place]
    /// @param hangLog takes their reports
    /// @param onEnd told of each that has ended
    record Shared(
            RequestQueue requests,
            ExchangeListener exchanges,
            Predicate<String> onRefusal,
            Consumer<String> hangLog,
            Consumer<Member> onEnd) {}

    private final WorkerSettings settings;
    private final WorkerFactory factory;
    private final Supplier<ResponseSink> sinks;
    private final Fleet fleet;
    private final Recycling recycling;
    private final Shared shared;
    private final LongSupplier clock;
    private final ChosenKind kind;
    private volatile boolean stopped;

    Launcher(
            WorkerSettings settings,
            WorkerFactory factory,
            Supplier<ResponseSink> sinks,
            Fleet fleet,
            ChosenKind kind,
            Shared shared,
            LongSupplier clock) {
        this.settings = settings;
        this.factory = factory;
        this.sinks = sinks;
        this.fleet = fleet;
        this.kind = kind;
        this.recycling = new Recycling(settings.supervision(), new SplittableRandom());
        this.shared = shared;
        this.clock = clock;
    }

    /// Those that come share nothing with those before that may have changed meanwhile.
    void renew() {
        factory.renew();
    }

    /// None comes up any more. For any thread.
    void stop() {
        stopped = true;
    }

    /// A worker that serves, but gets no requests yet. Where a module refuses the kind that was
    /// chosen, it may be one of another.
    ///
    /// @throws WorkerFailure when it cannot be brought up
    /// @throws CancellationException when none comes up any more
    Member launch(int number) throws InterruptedException {
        Member member = launchOne(number);
        return member == null ? launch(number) : member;
    }

    /// @return null when another kind was chosen meanwhile, because a module refuses this one
    private @Nullable Member launchOne(int number) throws InterruptedException {
        Member member = make(number);
        boolean serves = false;
        try {
            Boot failure =
                    fleet.enter(member) && !stopped ? member.worker().start(bootLimit()) : null;
            if (stopped) {
                throw new CancellationException("the server is stopping");
            }
            if (yields(member, failure)) {
                return null;
            }
            requireServing(failure);
            member.tenure().begin(clock.getAsLong());
            serves = true;
            return member;
        } finally {
            if (!serves) {
                giveUp(member);
            }
        }
    }

    private boolean yields(Member member, @Nullable Boot failure) {
        return failure != null
                && failure.outcome() == Boot.Outcome.REFUSED
                && member.kind() == Isolation.SUBINTERPRETER
                && shared.onRefusal().test(failure.module());
    }

    private Member make(int number) {
        Isolation isolation = kind.isolation();
        ResponseSink sink = sinks.get();
        try {
            return make(number, isolation, sink, recycling.tenure());
        } catch (WorkerFailure failure) {
            sink.close();
            throw failure;
        }
    }

    private Member make(int number, Isolation kind, ResponseSink sink, Tenure tenure) {
        ExchangeListener listener =
                kind.replaceable() ? tenure.counting(shared.exchanges()) : shared.exchanges();
        Worker worker =
                factory.make(
                        new WorkerFactory.Place(
                                number,
                                kind,
                                shared.requests(),
                                sink,
                                listener,
                                shared.onRefusal(),
                                shared.hangLog(),
                                ended -> ended(new Member(number, kind, ended, sink, tenure))));
        return new Member(number, kind, worker, sink, tenure);
    }

    /// On the worker's thread.
    private void ended(Member member) {
        member.sink().close();
        member.tenure().end(clock.getAsLong());
        shared.onEnd().accept(member);
    }

    /// Nobody waits any longer for one that did not start.
    private void giveUp(Member member) {
        fleet.forget(member);
        if (member.worker().state() == WorkerState.NEW) {
            member.sink().close();
        } else {
            member.stop(settings.stop().gracefulTimeout());
            member.worker().kill();
        }
    }

    /// @throws WorkerFailure when there is a reason why one does not serve
    void requireServing(@Nullable Boot failure) {
        if (failure != null) {
            throw failure(failure);
        }
    }

    private WorkerFailure failure(Boot boot) {
        return switch (boot.outcome()) {
            case REFUSED -> new WorkerFailure(kind.refusal(boot.module()), "", true);
            case MISSING, FAILED -> new WorkerFailure(boot.message(), "", false);
            case STOPPED, EXITED, IMPORT, STARTUP ->
                    new WorkerFailure(boot.message(), boot.traceback(), true);
        };
    }

    private Duration bootLimit() {
        return settings.app().startupTimeout().plus(IMPORT_ALLOWANCE);
    }
}
