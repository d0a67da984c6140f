package io.spvn.cli;

import io.spvn.loadtest.attack.Plan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What `spvn loadtest attack` does.
///
/// @param cold whether it begins without a warm-up of the generator
/// @param out directory for the files of the report, null for none
/// @param json whether the report on standard output is JSON
/// @param quiet whether progress is not shown
record AttackSettings(Plan plan, boolean cold, @Nullable Path out, boolean json, boolean quiet) {}
