/// What proxies say of the clients behind them, in front of a connection or in the headers of a
/// request, and who is believed.
@NullMarked
package io.spvn.server.proxy;

import org.jspecify.annotations.NullMarked;
