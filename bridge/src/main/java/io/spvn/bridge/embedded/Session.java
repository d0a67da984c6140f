package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.worker.Boot;
import io.spvn.bridge.worker.ExchangeTable;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.PythonSettings;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.WorkerFactory.Place;
import io.spvn.bridge.worker.WorkerSettings;

/// What a worker's thread does inside its interpreter, with the GIL held, from the first to the
/// last: makes the module `_spvn_host`, what the Python side can ask of Java, and calls
/// `spvn_bridge.worker.main`, which returns when the worker has stopped.
final class Session implements Runnable {
    private final Place place;
    private final WorkerSettings settings;
    private final Parts parts;
    private final Runnable onPythonStarted;
    private final Runnable onServing;
    private Boot outcome = Boot.failed("the app did not run");

    /// What the worker has beyond the session; the table is the session's but for its size.
    record Parts(Inbox inbox, ExchangeTable exchanges, Farewell farewell, VitalSigns signs) {}

    /// @param onPythonStarted called when there is all but the app
    /// @param onServing called when the app's start-up is over
    Session(
            Place place,
            WorkerSettings settings,
            Parts parts,
            Runnable onPythonStarted,
            Runnable onServing) {
        this.place = place;
        this.settings = settings;
        this.parts = parts;
        this.onPythonStarted = onPythonStarted;
        this.onServing = onServing;
    }

    @Override
    public void run() {
        HostModule host = new HostModule("_spvn_host");
        PythonSide python = new PythonSide(); // it imports the host module
        install(host, python);
        onPythonStarted.run();
        outcome = python.main(PythonSettings.of(settings, place.number(), place.isolation()));
    }

    private void install(HostModule host, PythonSide python) {
        Inbox inbox = parts.inbox();
        Outbox outbox = new Outbox(place.sink(), python::requestFlush);
        Admission admission =
                new Admission(
                        place.requests(),
                        place.listener(),
                        settings.queue().timeout(),
                        outbox::ready);
        AsgiCodec codec = new AsgiCodec(settings.app().rootPath(), inbox::giveBack);
        new RequestFunctions(inbox, parts.exchanges(), admission, codec, python, outbox)
                .install(host);
        new LifeFunctions(
                        inbox,
                        parts.exchanges(),
                        parts.farewell(),
                        codec,
                        outbox,
                        onServing,
                        place.onRefusal())
                .install(host);
        new VitalFunctions(parts.signs(), inbox).install(host);
    }

    /// How it ended.
    Boot outcome() {
        return outcome;
    }
}
