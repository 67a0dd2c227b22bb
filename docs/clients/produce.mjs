// node produce.mjs BROKERS TOPIC CAMERA PHOTO...      publishes an ImageFrame for every photo
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import { Kafka, Partitioners } from 'kafkajs';

const [brokers, topic, camera, ...photos] = process.argv.slice(2);
const type = avro.Type.forSchema(JSON.parse(readFileSync('schemas/src/main/avro/ImageFrame.avsc')));
const HEADER = Buffer.from('c301784a887563725bd5', 'hex'); // C3 01, the fingerprint of ImageFrame

const producer = new Kafka({ brokers: brokers.split(',') }).producer({
  createPartitioner: Partitioners.DefaultPartitioner, // Java's, for a key
});
await producer.connect();
for (const [sequence, photo] of photos.entries()) {
  const image = readFileSync(photo);
  const frame = { sourceId: camera, sequence, timestampMs: Date.now(), contentType: '', image };
  const value = Buffer.concat([HEADER, type.toBuffer(frame)]);
  await producer.send({ topic, messages: [{ key: camera, value }] });
}
await producer.disconnect();
