package io.boostnet.training.data;

import io.boostnet.image.Resize;
import java.util.List;

/** The same images with the numbers that another list gives to their classes. */
record RelabelledImages(LabelledImages images, List<String> classNames, int[] numbers)
    implements LabelledImages {

  @Override
  public String name() {
    return images.name();
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int label(int index) {
    return numbers[images.label(index)];
  }

  @Override
  public String sourceId(int index) {
    return images.sourceId(index);
  }

  @Override
  public EncodedImage encoded(int index) {
    return images.encoded(index);
  }

  @Override
  public void readPlanes(int index, Resize resize, byte[] target, int offset) {
    images.readPlanes(index, resize, target, offset);
  }
}
