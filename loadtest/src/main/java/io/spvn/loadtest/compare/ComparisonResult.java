package io.spvn.loadtest.compare;

import java.util.Map;

/// What a comparison found.
///
/// @param json the whole of it, as a tree of maps, lists, strings, numbers and booleans
/// @param markdown tables for people
/// @param complete whether it ran to its end
public record ComparisonResult(Map<String, Object> json, String markdown, boolean complete) {}
