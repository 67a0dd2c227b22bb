package io.boostnet.flink.budget;

import java.util.List;

/**
 * What the frontier plans for a budget.
 *
 * @param leaving share of the images reaching an exit that leave there, for each exit but the last
 * @param confidences confidences, in the evidence, of the images that then reach an exit, for each
 *     but the last
 */
record ExitPlan(double[] leaving, List<ConfidenceHistogram> confidences) {}
