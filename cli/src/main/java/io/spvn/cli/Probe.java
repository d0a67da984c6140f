package io.spvn.cli;

import io.spvn.loadtest.attack.Target;
import java.io.IOException;
import java.net.Socket;

/// One connection ahead of an attack, so that a server which is not there is one line and not a
/// report full of errors.
final class Probe {
    private static final int PATIENCE_MILLIS = 10_000;

    private Probe() {}

    static void connect(Target target) {
        try (Socket socket = new Socket()) {
            socket.connect(target.address(), PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new AttackFailure(target.url() + ": " + IoReason.of(e));
        }
    }
}
