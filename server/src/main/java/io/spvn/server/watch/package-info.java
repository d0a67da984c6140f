/// The files that an app is made of, and when they change; for `--watch`. What follows from a
/// change, who listens decides ([Edits]).
package io.spvn.server.watch;
