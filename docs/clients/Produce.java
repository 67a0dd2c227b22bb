// java -cp 'kafka-clients.jar:slf4j-api.jar' Produce.java BROKERS TOPIC CAMERA PHOTO...
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

class Produce {
  public static void main(String[] args) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", args[0], "max.request.size", 32 << 20);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (int i = 3; i < args.length; i++) {
        byte[] image = Files.readAllBytes(Path.of(args[i]));
        producer.send(new ProducerRecord<>(args[1], args[2], image)).get();
      }
    }
  }
}
