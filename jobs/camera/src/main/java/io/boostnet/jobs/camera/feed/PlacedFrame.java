package io.boostnet.jobs.camera.feed;

import io.boostnet.jobs.camera.input.Box;
import io.boostnet.schema.ImageFrame;

/**
 * A frame, and where in its camera's picture it lies.
 *
 * @param place what was cut out, in pixels; null for a whole picture
 */
public record PlacedFrame(ImageFrame frame, Box place) {}
