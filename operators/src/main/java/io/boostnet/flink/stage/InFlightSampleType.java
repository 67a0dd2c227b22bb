package io.boostnet.flink.stage;

import io.boostnet.flink.model.InFlightSample;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type of the samples between stages. Within a chain nothing is serialized; the serializer serves
 * where a user has broken the chain.
 */
@Internal
public final class InFlightSampleType extends TypeInformation<InFlightSample> {

  private static final long serialVersionUID = 1;

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<InFlightSample> getTypeClass() {
    return InFlightSample.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<InFlightSample> createSerializer(SerializerConfig config) {
    return InFlightSampleSerializer.INSTANCE;
  }

  @Override
  public String toString() {
    return "InFlightSample";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InFlightSampleType;
  }

  @Override
  public int hashCode() {
    return InFlightSampleType.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof InFlightSampleType;
  }
}
