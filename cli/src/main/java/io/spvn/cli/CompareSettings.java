package io.spvn.cli;

import io.spvn.loadtest.compare.ComparisonSettings;
import java.nio.file.Path;

/// What `spvn loadtest compare` does.
///
/// @param out directory for the files of the report
/// @param json whether the report on standard output is JSON
record CompareSettings(ComparisonSettings comparison, Path out, boolean json) {}
