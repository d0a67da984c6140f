/// The command line: from arguments to a server, an attack or a comparison, and an exit code.
///
/// [Main] ends the JVM with the exit code of [CommandLineProgram], which finds the [SpvnCommand]
/// that was named, shows help and turns every failure into one line. Options as they were written
/// are in the command, in a group for each topic; a reader ([ConfigReader], [AttackReader],
/// [CompareReader]) checks them and adds environment and defaults; one of the [Engines] does the
/// rest, for a load test in a run ([AttackRun], [CompareRun]). [StopHook] lets an attack that is
/// interrupted report.
package io.spvn.cli;
