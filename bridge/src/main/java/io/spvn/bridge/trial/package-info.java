/// Tries in throw-away processes of the app's own Python whether an app and its environment suit
/// sub-interpreters; `spvn_bridge.trial` is the other half.
///
/// What such a process says is not trusted: it may have run anything that is installed.
package io.spvn.bridge.trial;
