/// Workers that are processes of their own: a child runs the app on a plain Python, and this side
/// hands it requests and takes what it answers, over Unix sockets.
///
/// What a child says is not trusted: it is checked where it is read.
package io.spvn.bridge.process;
