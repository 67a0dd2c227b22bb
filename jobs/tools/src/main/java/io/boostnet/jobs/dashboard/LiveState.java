package io.boostnet.jobs.dashboard;

import java.util.List;

/**
 * What the page is sent.
 *
 * @param pipeline name of the pipeline; null before the first control event
 * @param bundle name and version of the bundle; null before the first prediction
 * @param nowMs the server's clock
 * @param error why the topics cannot be read at present; null where they can
 * @param predictions predictions seen since the page's server started
 * @param deadLetters dead letters seen since then
 * @param agreement share of the audited frames of each exit that the last exit confirmed
 * @param points seconds that are new or may have changed
 * @param changes latest changes of the controller, newest first
 * @param imagesVersion grows with every change of the images
 * @param strips images of every exit, newest first; null where the client has this version
 * @param wallVersion grows with every change of the sources and events
 * @param sources what every source shows last, by name; null where the client has this version
 * @param events the latest events, newest first; null where the client has this version
 */
record LiveState(
    String pipeline,
    String bundle,
    long nowMs,
    String error,
    long predictions,
    long deadLetters,
    List<Double> agreement,
    List<LiveSeries.Point> points,
    List<LiveSeries.Change> changes,
    long imagesVersion,
    List<List<RecentImages.Shown>> strips,
    long wallVersion,
    List<CameraWall.Shown> sources,
    List<CameraWall.Told> events) {

  /** The newest second; the other one where there is none. */
  long last(long otherwise) {
    return points.isEmpty() ? otherwise : points.get(points.size() - 1).t();
  }
}
