package io.spvn.cli;

import io.spvn.server.SpvnServer;
import io.spvn.server.process.InheritedDescriptors;
import io.spvn.server.process.LentVariables;
import io.spvn.server.process.ServiceManager;
import java.util.Locale;

/// The program `spvn`.
public final class Main {
    private Main() {}

    /// Ends the JVM by halting it: Python threads that an app left behind must not keep it alive.
    public static void main(String[] args) {
        InheritedDescriptors inherited = InheritedDescriptors.ofProcess();
        LentVariables.giveBack();
        ServiceManager.removeVariables();
        if (args.length > 0 && args[0].equals(ServeCommand.NAME)) {
            SpvnServer.headStart();
        }
        Locale.setDefault(Locale.ROOT); // what is written is for machines, by libraries as well
        StopHook hook = new StopHook();
        int exitCode = CommandLineProgram.ofProcess(hook, inherited).run(args);
        Logging.flush();
        System.out.flush();
        System.err.flush();
        hook.end(exitCode);
    }
}
