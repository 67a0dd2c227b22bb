# python3 consume.py BROKERS TOPIC COUNT      prints so many predictions, in the format json
import itertools
import json
import sys
from kafka import KafkaConsumer

brokers, topic, count = sys.argv[1:]
consumer = KafkaConsumer(topic, bootstrap_servers=brokers, auto_offset_reset="earliest")
for record in itertools.islice(consumer, int(count)):
    prediction = json.loads(record.value)
    print(record.key.decode(), prediction["labelName"], prediction["confidence"])
consumer.close()
