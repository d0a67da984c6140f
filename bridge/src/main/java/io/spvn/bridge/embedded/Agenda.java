package io.spvn.bridge.embedded;

import static java.util.Objects.requireNonNull;

import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.worker.ExchangeTable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What a worker does next, of all that waits for it: in the order of [Item], so that what is begun
/// comes before what is new. Before each item it gives the sign of life that it is asked for, and
/// drops references. Worker thread only; makes no objects.
final class Agenda {
    enum Item {
        /// [#exchange] has news for an app that waits.
        NEWS,
        /// [#signal] came for the app.
        SIGNAL,
        /// Requests are to be looked at that the server does not want to wait for.
        DRAIN,
        /// The worker has to stop; from then on it takes no requests.
        STOP,
        /// [#exchange] goes to the app.
        REQUEST,
        /// There is nothing: the worker sleeps, and is woken.
        NOTHING
    }

    private final Inbox inbox;
    private final ExchangeTable exchanges;
    private final Admission admission;
    private final LongConsumer drop;
    private @Nullable Exchange exchange;
    private int signal;

    /// @param exchanges those that the app has; there is no news of others
    /// @param admission which requests are worth an answer
    /// @param drop drops a reference of the interpreter
    Agenda(Inbox inbox, ExchangeTable exchanges, Admission admission, LongConsumer drop) {
        this.inbox = inbox;
        this.exchanges = exchanges;
        this.admission = admission;
        this.drop = drop;
    }

    Item next() {
        Item item;
        do {
            inbox.giveSignOfLife();
            dropReferences();
            item = look();
        } while (item == Item.NOTHING && !inbox.sleep());
        return item;
    }

    /// Of the last item.
    Exchange exchange() {
        return requireNonNull(exchange);
    }

    /// Of the last item.
    int signal() {
        return signal;
    }

    private Item look() {
        exchange = nextNews();
        if (exchange != null) {
            return Item.NEWS;
        }
        Integer came = inbox.nextSignal();
        if (came != null) {
            signal = came;
            return Item.SIGNAL;
        }
        if (inbox.takeDrain()) {
            return Item.DRAIN;
        }
        if (inbox.takeStop()) {
            return Item.STOP;
        }
        exchange = inbox.stopTaken() ? null : admission.next();
        return exchange == null ? Item.NOTHING : Item.REQUEST;
    }

    private @Nullable Exchange nextNews() {
        Exchange news = inbox.nextNews();
        while (news != null && exchanges.get(news.id()) != news) {
            news = inbox.nextNews(); // that one is over
        }
        return news;
    }

    private void dropReferences() {
        for (Long reference = inbox.nextReference();
                reference != null;
                reference = inbox.nextReference()) {
            drop.accept(reference);
        }
    }
}
