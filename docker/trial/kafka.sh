#!/bin/bash
# What the entry point of Kafka's image does, as far as compose.yaml asks for it: KAFKA_NODE_ID=1 becomes node.id=1.
set -euo pipefail
java=(java -Dlog4j.configurationFile=/opt/kafka/log4j2.xml -cp '/opt/kafka/libs/*')
env | grep '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r key value; do
  key=${key#KAFKA_}
  key=${key//_/.}
  echo "${key,,}=$value"
done >/tmp/server.properties
"${java[@]}" kafka.tools.StorageTool format --ignore-formatted \
  --cluster-id "${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" --config /tmp/server.properties
# shellcheck disable=SC2086 # options are words
exec "${java[@]:0:1}" ${KAFKA_HEAP_OPTS:-} "${java[@]:1}" kafka.Kafka /tmp/server.properties
