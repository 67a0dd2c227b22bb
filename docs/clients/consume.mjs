// node consume.mjs BROKERS TOPIC COUNT      prints so many predictions, a line of JSON each
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import { Kafka } from 'kafkajs';

const [brokers, topic, count] = process.argv.slice(2);
const type = avro.Type.forSchema(JSON.parse(readFileSync('schemas/src/main/avro/Prediction.avsc')));
const HEADER = Buffer.from('c301987ffd3f079de783', 'hex'); // C3 01, the fingerprint of Prediction

const consumer = new Kafka({ brokers: brokers.split(',') }).consumer({ groupId: `node-${process.pid}` });
let left = Number(count);
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { value } }) => {
    if (!value.subarray(0, 10).equals(HEADER)) throw new Error('not a Prediction of this schema');
    if (left > 0) console.log(JSON.stringify(type.fromBuffer(value.subarray(10))));
    if (--left === 0) setImmediate(() => consumer.disconnect().then(() => process.exit()));
  },
});
