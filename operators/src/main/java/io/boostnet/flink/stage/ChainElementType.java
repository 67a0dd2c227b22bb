package io.boostnet.flink.stage;

import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Outcome;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type of what goes between stages. Within a chain nothing is serialized; the serializer serves
 * where a user has broken the chain.
 */
@Internal
public final class ChainElementType extends TypeInformation<ChainElement> {

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
  public Class<ChainElement> getTypeClass() {
    return ChainElement.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<ChainElement> createSerializer(SerializerConfig config) {
    return new ChainElementSerializer(TypeInformation.of(Outcome.class).createSerializer(config));
  }

  @Override
  public String toString() {
    return "ChainElement";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainElementType;
  }

  @Override
  public int hashCode() {
    return ChainElementType.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ChainElementType;
  }
}
