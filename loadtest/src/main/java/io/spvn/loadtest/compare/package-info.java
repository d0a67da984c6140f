/// In work.
package io.spvn.loadtest.compare;
