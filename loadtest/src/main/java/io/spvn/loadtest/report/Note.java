package io.spvn.loadtest.report;

/// What a reader has to know before believing the figures.
///
/// @param what in a sentence
/// @param more about it
record Note(String what, String more) {}
