#!/usr/bin/env bash
# produce.sh BROKERS TOPIC CAMERA PHOTO...      publishes every photo, in the format image
set -euo pipefail
brokers=$1 topic=$2 camera=$3
shift 3
kcat -P -b "$brokers" -t "$topic" -k "$camera" -X message.max.bytes=33554432 \
    -X partitioner=murmur2_random "$@"
