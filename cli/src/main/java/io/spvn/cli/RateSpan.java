package io.spvn.cli;

/// The rates of `--ramp`, in requests a second.
record RateSpan(double from, double to) {}
