package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A class and how probable it is.
 *
 * @param label index of the class, from 0
 * @param probability softmax probability of the ensemble logits, 0..1
 */
@PublicEvolving
public record ClassProbability(int label, float probability) implements Serializable {

  private static final long serialVersionUID = 1;
}
