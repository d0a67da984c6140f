/// How Java calls C, whatever the library.
package io.spvn.bridge.foreign;
