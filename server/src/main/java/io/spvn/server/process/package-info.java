/// What the process is to the system: descriptors, rights, scheduling, by functions of the C
/// library.
@NullMarked
package io.spvn.server.process;

import org.jspecify.annotations.NullMarked;
