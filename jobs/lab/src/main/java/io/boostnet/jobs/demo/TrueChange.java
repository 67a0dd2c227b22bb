package io.boostnet.jobs.demo;

/**
 * From one picture on a source truly shows a class.
 *
 * @param label the class
 * @param from the first picture that shows it, from 0
 * @param until the first that no longer does
 */
record TrueChange(int label, long from, long until) {}
