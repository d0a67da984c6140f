package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Receiver;
import io.spvn.bridge.process.Message.Down;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.AppLog;
import io.spvn.bridge.worker.Boot;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.WorkerFactory.Place;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads what a child says, and does it: on a platform thread of its own, until the connection
/// ends.
///
/// Responses are written from here as far as their clients take them at once; others go to the
/// worker's sink.
final class Reader {
    private final Inflow inflow;
    private final MarshalReader in = new MarshalReader();
    private final Parts parts;
    private final Bodies bodies;
    private final Answers answers;
    private final DirectSink sink;
    private final Rest rest = new Rest();
    private final Runnable onServing;
    private final Consumer<String> onLeaving;
    private @Nullable Boot result;

    /// What the worker has beyond its reader.
    record Parts(
            Tickets tickets, Feeder feeder, Pulse pulse, VitalSigns signs, Farewell farewell) {}

    /// @param onServing called when the app's start-up is over
    /// @param onLeaving called with the name of a signal that asks the child to end
    Reader(Place place, Child child, Parts parts, Runnable onServing, Consumer<String> onLeaving) {
        this.inflow = new Inflow(child.up());
        this.parts = parts;
        this.sink = new DirectSink(place.sink());
        this.bodies = new Bodies(parts.feeder);
        this.answers = new Answers(parts.tickets, parts.feeder, bodies, sink);
        this.onServing = onServing;
        this.onLeaving = onLeaving;
        parts.signs.follow(rest);
    }

    /// Reads to the end.
    ///
    /// @return what was wrong with what the child has said, "" when nothing was
    String run() {
        try {
            for (Inflow.Frame frame = inflow.next(); frame != null; frame = inflow.next()) {
                read(frame);
                if (!inflow.hasNext()) {
                    parts.feeder.feed();
                    sink.flush();
                }
            }
            return "";
        } catch (Garbled garbled) {
            return "it sent what is not understood: " + garbled.getMessage();
        } catch (IOException broken) {
            return "";
        } finally {
            bodies.fail();
            sink.flush();
        }
    }

    /// How the app ended, as the child told; null when it did not.
    @Nullable Boot result() {
        return result;
    }

    private void read(Inflow.Frame frame) throws Garbled {
        if (frame.number() >= 0) {
            bodies.came(frame.number(), frame.bytes());
            return;
        }
        in.begin(frame.bytes(), frame.bytes().length);
        in.pair();
        parts.feeder.begun(in.integer());
        int messages = in.list();
        for (int i = 0; i < messages; i++) {
            int items = in.message();
            readMessage(Up.of(in.integer()), items);
        }
        in.end();
    }

    private void readMessage(Up kind, int items) throws Garbled {
        switch (kind) {
            case RESPONSE,
                    ANSWERED,
                    START,
                    TRAILED,
                    PART,
                    LARGE,
                    FILE,
                    TRAILERS,
                    HINT,
                    ENDED,
                    WANT,
                    FULL,
                    ACCEPT,
                    SEND,
                    CLOSE ->
                    answers.read(kind, items, in);
            case LOST -> bodies.lost(in.integer());
            case SERVING -> onServing.run();
            case LISTENS -> listens(in.integer(), in.integer());
            case RESTED -> rested(in.real());
            case DEAF -> parts.pulse.close(System.nanoTime());
            case WAITS -> parts.farewell.nowWaitsFor(in.text(), in.truth());
            case LOG -> AppLog.log(in.integer(), in.text());
            case RESULT ->
                    result = new Boot(Boot.outcome(in.text()), in.text(), in.text(), in.text());
            case LEAVING -> onLeaving.accept(in.text());
        }
    }

    private void rested(double seconds) {
        rest.learn(Math.round(seconds * 1e9), System.nanoTime());
        if (parts.pulse.asked()) {
            parts.pulse.answer(System.nanoTime());
        }
    }

    private void listens(int number, int who) throws Garbled {
        Ticket ticket = parts.tickets.get(number);
        if (who < 0 || who >= Receiver.values().length) {
            throw new Garbled("a receiver " + who);
        }
        if (ticket == null) {
            return;
        }
        Drain.Order order = parts.farewell.look(ticket.exchange, Receiver.of(who));
        switch (order) {
            case NONE -> {}
            case TELL -> {
                parts.feeder.tell(ticket);
                sink.ready(ticket.exchange); // its client may be told as well
            }
            case CANCEL -> parts.feeder.order(Down.CANCEL, number);
        }
    }
}
