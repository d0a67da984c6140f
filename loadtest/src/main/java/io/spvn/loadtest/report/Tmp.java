package io.spvn.loadtest.report;

public final class Tmp {
    private Tmp() {}
}
