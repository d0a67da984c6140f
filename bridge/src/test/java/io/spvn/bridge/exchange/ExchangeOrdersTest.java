package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.exchange.Orders.Step;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What clients get, in every order in which the steps of those can happen who have to do with an
/// exchange. In each of them, wherever it comes to a halt, nobody waits in vain, every payload is
/// released once, nothing is written that must not be, and the ledger is even: see [Staged#end].
class ExchangeOrdersTest {
    private static final int SMALL = 10;
    private static final byte[] PIECE = new byte[SMALL];
    private static final byte[] WINDOW = new byte[Ledger.WINDOW];
    private static final int ABOVE_HIGH_WATER = PendingWrites.HIGH_WATER + 1;

    private static final Step<Staged> POLL = step("poll", Staged::workerPolls);
    private static final Step<Staged> TAKE = step("take", Staged::workerTakes);
    private static final Step<Staged> POLL_AND_TAKE =
            step(
                    "poll and take",
                    staged -> {
                        staged.workerPolls();
                        staged.workerTakes();
                    });
    private static final Step<Staged> RECEIVE = app("receive", Staged::receive);
    private static final Step<Staged> LEAVE_DUE = step("leave due", Staged::giveLeave);
    private static final Step<Staged> START = app("start", Staged::sendStart);
    private static final Step<Staged> MORE = app("more", staged -> staged.sendBody(SMALL, true));
    private static final Step<Staged> LAST = app("last", staged -> staged.sendBody(SMALL, false));
    private static final Step<Staged> MUCH =
            app("much", staged -> staged.sendBody(ABOVE_HIGH_WATER, true));
    private static final Step<Staged> ROOM = app("room", Staged::awaitRoom);
    private static final Step<Staged> DRAIN = step("drain", Staged::drain);
    private static final Step<Staged> APP_ENDS = app("app ends", Staged::appEnds);

    private static final Step<Staged> NEXT_WRITE = step("next write", Staged::takesWrite);
    private static final Step<Staged> WRITE = step("write", Staged::writes);

    private static final Step<Staged> OFFER = reader("offer", staged -> staged.offer(PIECE));
    private static final Step<Staged> OFFER_ALL =
            reader("offer all", staged -> staged.offer(WINDOW));
    private static final Step<Staged> COMPLETE = step("complete", Staged::bodyComplete);
    private static final Step<Staged> LEAVE = step("leave", Staged::clientLeft);

    private static final Step<Staged> RESET = step("reset", Staged::reset);
    private static final Step<Staged> NOTICE = step("notice", Staged::noticeReset);
    private static final Step<Staged> BREAK =
            step(
                    "break",
                    staged -> {
                        staged.reset();
                        staged.noticeReset();
                    });
    private static final Step<Staged> CUT =
            step("cut", staged -> staged.cut(Rejected.BODY_TIMEOUT));
    private static final Step<Staged> REFUSE = step("refuse", Staged::poolRefuses);

    @Test
    void answer_reset_deadline() {
        assertEnds(
                Set.of("", "R", "S", "SB"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(POLL_AND_TAKE, START, LAST, APP_ENDS),
                                List.of(NEXT_WRITE, WRITE, NEXT_WRITE, WRITE),
                                List.of(RESET, NOTICE),
                                List.of(CUT))));
    }

    @Test
    void stream_endOfTheApp_deadline() {
        assertEnds(
                Set.of("R", "SA", "SbA"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(POLL_AND_TAKE, START, MORE, APP_ENDS),
                                List.of(NEXT_WRITE, WRITE, NEXT_WRITE, WRITE),
                                List.of(CUT))));
    }

    @Test
    void appThatWaitsForRoom_reset_deadline() {
        assertEnds(
                Set.of("", "R", "S", "SA", "Sb", "SbA", "SbB"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(POLL_AND_TAKE, START, MUCH, ROOM, LAST),
                                List.of(NEXT_WRITE, WRITE, NEXT_WRITE, WRITE),
                                List.of(BREAK),
                                List.of(CUT))));
    }

    @Test
    void body_readAheadOfAnAppThatWaits_reset_deadline() {
        assertEnds(
                Set.of("", "R", "SB"),
                new Orders<>(
                        () -> new Staged(false, false),
                        List.of(
                                List.of(OFFER_ALL, OFFER, COMPLETE),
                                List.of(POLL_AND_TAKE, RECEIVE, RECEIVE, START, LAST),
                                List.of(RESET, NOTICE),
                                List.of(CUT))));
    }

    @Test
    void body_ofWhichTheAppWantsNothing_refusal_deadline() {
        assertEnds(
                Set.of("R", "SB"),
                new Orders<>(
                        () -> new Staged(false, false),
                        List.of(
                                List.of(OFFER_ALL, OFFER, COMPLETE),
                                List.of(POLL_AND_TAKE, START, LAST),
                                List.of(REFUSE, NEXT_WRITE, WRITE),
                                List.of(CUT))));
    }

    @Test
    void refusal_reset_deadline() {
        assertEnds(
                Set.of("", "R", "S", "SB"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(POLL, TAKE, START, LAST, APP_ENDS),
                                List.of(REFUSE, NEXT_WRITE, WRITE),
                                List.of(RESET, NOTICE),
                                List.of(CUT))));
    }

    @Test
    void leaveToSendTheBody_deadline() {
        assertEnds(
                Set.of("CR", "CSB", "R", "SB"),
                new Orders<>(
                        () -> new Staged(true, false),
                        List.of(
                                List.of(POLL_AND_TAKE, RECEIVE, LEAVE_DUE, RECEIVE, START, LAST),
                                List.of(NEXT_WRITE, WRITE),
                                List.of(OFFER, COMPLETE),
                                List.of(CUT))));
    }

    @Test
    void clientThatLeaves_longPoll_stop() {
        assertEnds(
                Set.of("R", "SB"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(POLL_AND_TAKE, RECEIVE, RECEIVE, START, LAST, APP_ENDS),
                                List.of(DRAIN, DRAIN),
                                List.of(LEAVE),
                                List.of(CUT))));
    }

    @Test
    void listenerBesideTheResponse_reset_deadline() {
        assertEnds(
                Set.of("", "R", "S", "SB"),
                new Orders<>(
                        ExchangeOrdersTest::bodiless,
                        List.of(
                                List.of(
                                        POLL_AND_TAKE,
                                        START.when(Staged::senderGoesOn),
                                        LAST.when(Staged::senderGoesOn)),
                                List.of(RECEIVE, RECEIVE),
                                List.of(NEXT_WRITE, WRITE),
                                List.of(BREAK),
                                List.of(CUT))));
    }

    private static void assertEnds(Set<String> expected, Orders<Staged> orders) {
        assertEquals(expected, orders.walk(Staged::end));
    }

    private static Staged bodiless() {
        return new Staged(false, true);
    }

    private static Step<Staged> step(String name, Consumer<Staged> act) {
        return new Step<>(name, act);
    }

    private static Step<Staged> app(String name, Consumer<Staged> act) {
        return step(name, act).when(Staged::appGoesOn);
    }

    private static Step<Staged> reader(String name, Consumer<Staged> act) {
        return step(name, act).when(Staged::mayOffer);
    }
}
