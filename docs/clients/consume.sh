#!/usr/bin/env bash
# consume.sh BROKERS TOPIC COUNT      prints so many predictions, in the format json
set -euo pipefail
kcat -C -q -u -b "$1" -t "$2" -o beginning -c "$3" |
  jq -r '"\(.sourceId) \(.labelName) \(.confidence)"'
