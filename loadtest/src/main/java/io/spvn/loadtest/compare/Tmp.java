package io.spvn.loadtest.compare;

public final class Tmp {
    private Tmp() {}
}
