/**
 * One decision for all subtasks: stages report to their coordinators, which share one {@link
 * io.boostnet.flink.budget.BudgetController} and send its decisions back.
 */
package io.boostnet.flink.coordination;
