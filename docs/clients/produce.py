# python3 produce.py BROKERS TOPIC CAMERA PHOTO...      publishes every photo, in the format image
import sys
from kafka import KafkaProducer

brokers, topic, camera, *photos = sys.argv[1:]
producer = KafkaProducer(bootstrap_servers=brokers, acks="all", max_request_size=32 << 20)
for sequence, photo in enumerate(photos):
    with open(photo, "rb") as file:
        image = file.read()
    headers = [("sequence", str(sequence).encode())]
    producer.send(topic, key=camera.encode(), value=image, headers=headers).get(timeout=30)
producer.close()
