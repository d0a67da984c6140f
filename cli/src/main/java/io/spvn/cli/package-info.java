/// The command line: options and environment become one {@link io.spvn.server.ServerConfig}.
///
/// [Main] ends the JVM with the exit code of [CommandLineProgram], which finds the command, shows
/// help and turns every failure into one line. The options of [ServeCommand] are read by
/// [ConfigReader]; [ServeRun] runs the server.
package io.spvn.cli;
