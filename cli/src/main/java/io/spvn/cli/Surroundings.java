package io.spvn.cli;

import java.util.HashMap;
import java.util.Map;

/// What the program finds around it.
///
/// @param environment the environment variables
/// @param installation what the launcher found out
/// @param cpus that the process may use
record Surroundings(Environment environment, Installation installation, int cpus) {
    static Surroundings ofProcess() {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name));
        }
        return new Surroundings(
                new Environment(System.getenv()),
                new Installation(properties),
                Runtime.getRuntime().availableProcessors());
    }
}
