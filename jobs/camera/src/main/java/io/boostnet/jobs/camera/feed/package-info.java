/**
 * From the frames of a camera to those that are classified: which are taken, at which event time,
 * cut into zones; and what happens when a connection ends.
 */
package io.boostnet.jobs.camera.feed;
