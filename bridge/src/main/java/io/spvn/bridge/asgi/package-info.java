/// The vocabulary between the wire and the app: what the app is called with ([Scope]), what its
/// `receive` yields ([Inbound]), what its `send` says ([Outbound]), and in which order
/// ([ResponseRules]). Pure data: no I/O, no threads, no Python, nothing but `java.base`. Bytes stay
/// bytes; a class here names them but never decodes them.
package io.spvn.bridge.asgi;
