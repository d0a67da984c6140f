/// Workers, whatever runs the app in them: how many there are and which, who gets a request, how
/// they start, are replaced and end, and how one can see from outside that they are well.
///
/// A kind of worker implements [Worker], and a [WorkerFactory] makes it; nothing here knows how any
/// of them runs Python.
package io.spvn.bridge.worker;
