package io.boostnet.flink.budget;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * What a {@link Quota} could not keep, and what it could use; in tokens, at least 0.
 *
 * @param spare earned while its bucket was full
 * @param lack wanted beyond what it earned, and what its bucket is short of half its depth
 * @param owed the part of that which floors of sources ask for
 */
@Internal
public record QuotaUse(double spare, double lack, double owed) implements Serializable {

  private static final long serialVersionUID = 1;

  /** Of a stage without quota. */
  public static final QuotaUse NONE = new QuotaUse(0, 0, 0);

  /** Both one after the other: what is spared adds up, what lacks is what lacked last. */
  public QuotaUse then(QuotaUse later) {
    return new QuotaUse(spare + later.spare, later.lack, later.owed);
  }
}
