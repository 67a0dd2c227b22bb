package io.boostnet.training.data;

import io.boostnet.image.Resize;
import java.util.List;
import java.util.Objects;

/** Some images of a data set, in an order of their own. */
final class ImageSelection implements LabelledImages {

  private final String name;
  private final LabelledImages all;
  private final int[] indices;

  ImageSelection(String name, LabelledImages all, int[] indices) {
    this.name = name;
    this.all = all;
    this.indices = indices.clone();
    for (int index : indices) {
      Objects.checkIndex(index, all.size());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classNames() {
    return all.classNames();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return all.label(indices[index]);
  }

  @Override
  public String sourceId(int index) {
    return all.sourceId(indices[index]);
  }

  @Override
  public EncodedImage encoded(int index) {
    return all.encoded(indices[index]);
  }

  @Override
  public void readPlanes(int index, Resize resize, byte[] target, int offset) {
    all.readPlanes(indices[index], resize, target, offset);
  }
}
