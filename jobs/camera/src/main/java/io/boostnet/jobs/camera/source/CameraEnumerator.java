package io.boostnet.jobs.camera.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Deals the cameras out to the readers in turn; a camera stays where it is. */
final class CameraEnumerator implements SplitEnumerator<CameraSplit, ArrayList<CameraSplit>> {

  private final SplitEnumeratorContext<CameraSplit> context;
  private final ArrayList<CameraSplit> unassigned;

  CameraEnumerator(SplitEnumeratorContext<CameraSplit> context, List<CameraSplit> unassigned) {
    this.context = context;
    this.unassigned = new ArrayList<>(unassigned);
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int subtask, String hostname) {}

  @Override
  public void addSplitsBack(List<CameraSplit> splits, int subtask) {
    unassigned.addAll(splits);
  }

  @Override
  public void addReader(int subtask) {
    Iterator<CameraSplit> splits = unassigned.iterator();
    while (splits.hasNext()) {
      CameraSplit split = splits.next();
      if (split.index() % context.currentParallelism() == subtask) {
        context.assignSplit(split, subtask);
        splits.remove();
      }
    }
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public ArrayList<CameraSplit> snapshotState(long checkpointId) {
    return new ArrayList<>(unassigned);
  }

  @Override
  public void close() {}
}
