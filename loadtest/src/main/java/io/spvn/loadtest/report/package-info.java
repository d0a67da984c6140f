/// What people and programs get to see of measurements: text, JSON, and web pages with charts that
/// need no network.
package io.spvn.loadtest.report;
