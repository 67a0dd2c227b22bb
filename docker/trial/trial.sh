#!/bin/bash
# Builds ../Dockerfile and runs the services of ../compose.yaml that are the job, with one TaskManager killed on the way:
# no frame may be lost or doubled. Without a registry: images of others are stood in for by images laid out in the same
# way, of Debian packages and jars of Maven Central (Dockerfile, flink.sh and kafka.sh beside this file).
#
# Needs root and, of Debian 12: debootstrap, podman, runc, podman-compose, netavark, aardvark-dns, iptables, python3, maven.
# Everything it makes is under target/trial: 2 GB. Five minutes to build, most of it Debian; then three minutes for each trial.
#   docker/trial/trial.sh          build what is missing or has changed, and run
#   docker/trial/trial.sh clean    remove images, containers and target/trial
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname -- "$(dirname -- "$here")")
work=$root/target/trial
mkdir -p "$work/networks" "$work/run"

fail() {
  printf 'trial: %s\n' "$*" >&2
  exit 1
}
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

[ "$(id -u)" = 0 ] || fail "must be run as root: debootstrap makes a root file system"
for tool in debootstrap podman podman-compose runc iptables python3 mvn; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

# Storage and networks of its own; limits that a container may set, and no systemd.
cat >"$work/containers.conf" <<EOF
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "$work/networks"
EOF
cat >"$work/storage.conf" <<EOF
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
EOF
export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
image=localhost/boostnet-trial
log=$work/trial.log
: >"$log"
trap 'fail "failed; see $log"' ERR

# What compose.yaml takes from the environment.
export BOOSTNET_IMAGE=$image/boostnet KAFKA_IMAGE=$image/kafka
export KAFKA_PORT=${KAFKA_PORT:-19094} FLINK_PORT=${FLINK_PORT:-18081} DASHBOARD_PORT=${DASHBOARD_PORT:-18080}
export LOAD_RATE=${LOAD_RATE:-100} LOAD_PEAK=${LOAD_PEAK:-400} LOAD_SECONDS=${LOAD_SECONDS:-120} LOAD_BAD=${LOAD_BAD:-16}
compose() { podman-compose -f "$root/docker/compose.yaml" -p trial "$@" >>"$log" 2>&1; }

if [ "${1:-}" = clean ]; then
  compose down -v || true
  podman rmi --all --force >>"$log" 2>&1 || true
  rm -rf "$work"
  exit 0
fi

if ! podman image exists $image/debian; then
  say "Debian with JDK 17 and Maven"
  rm -rf "$work/debian"
  debootstrap --variant=minbase --include=openjdk-17-jdk-headless,maven,curl,gettext-base bookworm "$work/debian" >>"$log" 2>&1
  tar -C "$work/debian" -c . | podman import - $image/debian >>"$log" 2>&1
  rm -rf "$work/debian"
fi

say "stand-ins for the images of Flink and Kafka"
mkdir -p "$work/context"
for name in flink kafka; do
  [ -d "$work/context/$name-lib" ] || mvn -q -B -ntp -f "$here/pom.xml" -P$name dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$work/context/$name-lib" >>"$log" 2>&1
done
cp "$here"/{flink.sh,kafka.sh,log4j2.xml} "$work/context/"
for name in flink kafka; do
  podman build --target $name -f "$here/Dockerfile" -t $image/$name "$work/context" >>"$log" 2>&1
done

# Maven's repository of this machine, since containers may not reach one; the build writes to a layer of its own.
# DEVICE is given although it is the default: podman 4.3 takes no default in FROM.
say "the image of docker/Dockerfile"
mvn -q -B -ntp -f "$root/pom.xml" -pl jobs -am -DskipTests -Dspotless.check.skip package >>"$log" 2>&1
podman build -v "${MAVEN_REPOSITORY:-$HOME/.m2/repository}:/repository:O" --build-arg DEVICE=cpu \
  --build-arg MAVEN_FLAGS="-o -Dmaven.repo.local=/repository" --build-arg BUILD_IMAGE=$image/debian \
  --build-arg FLINK_IMAGE=$image/flink -f "$root/docker/Dockerfile" -t $image/boostnet "$root" >>"$log" 2>&1

# A value of Flink's REST interface, empty where there is none: rest <path> <Python expression of the answer r>
rest() {
  curl -fsS "http://localhost:$FLINK_PORT$1" 2>/dev/null |
    python3 -c "import json, sys; r = json.load(sys.stdin); print($2)" 2>/dev/null || true
}
# Waits until a command says yes: await <what> <seconds> <command>
await() {
  local end=$((SECONDS + $2))
  until "${@:3}"; do
    [ $SECONDS -lt $end ] || fail "waited $2 s in vain: $1; see $log"
    sleep 0.5
  done
}
running() { [ "$(rest /jobs/overview 'r["jobs"][0]["state"] == "RUNNING" and r["jobs"][0]["tasks"]["running"] == r["jobs"][0]["tasks"]["total"]')" = True ]; }
job() { rest /jobs/overview 'r["jobs"][0]["jid"]'; }
subtasks() { rest "/jobs/$(job)" 'max(v["parallelism"] for v in r["vertices"])'; }
completed() { [ "$(rest "/jobs/$(job)/checkpoints" "r['counts']['completed'] >= $1")" = True ]; }
restored() { [ "$(rest "/jobs/$(job)/checkpoints" 'r["latest"]["restored"] is not None')" = True ]; }
whole() { running && [ "$(subtasks)" = 2 ]; }

compose down -v || true
trap 'podman ps -a --format "{{.Names}}" | xargs -r -n1 -I{} sh -c "echo ==== {}; podman logs {}" >"$work/containers.log" 2>&1; compose down -v || true' EXIT
say "compose: kafka, jobmanager, 2 taskmanagers, dashboard"
compose up -d --no-build kafka jobmanager taskmanager dashboard
await "the job runs with 2 subtasks" 180 whole

say "compose: load, $LOAD_SECONDS s of $LOAD_RATE frames/s with bursts of $LOAD_PEAK, $LOAD_BAD bad records among them"
compose up -d --no-build load
await "the page answers" 60 curl -fsS -o /dev/null "http://localhost:$DASHBOARD_PORT/"
await "metrics of both TaskManagers" 60 podman exec trial_jobmanager_1 sh -c \
  'for host in $(getent ahostsv4 taskmanager | cut -d" " -f1 | sort -u); do curl -fsS "$host:9249/metrics" | grep -c boostnet; done | wc -l | grep -qx 2'
checkpoints=$(rest "/jobs/$(job)/checkpoints" 'r["counts"]["completed"]')
await "checkpoints under load" 120 completed $((checkpoints + 5))

victim=$(podman inspect -f '{{.State.Pid}}' trial_taskmanager_1)
killed=$(date +%s%3N)
kill -9 "$victim"
say "SIGKILL to the process of trial_taskmanager_1"
await "a checkpoint is restored" 120 restored
await "the job runs with 2 subtasks again" 180 whole
recovered=$(date +%s%3N)
say "$(((recovered - killed + 500) / 1000)) s after it, 2 subtasks run, restored from checkpoint $(rest "/jobs/$(job)/checkpoints" 'r["latest"]["restored"]["id"]'); the container was restarted $(podman inspect -f '{{.RestartCount}}' trial_taskmanager_1) times"

loaded=$(podman wait trial_load_1)
podman logs trial_load_1 2>/dev/null | sed -n 1,2p
[ "$loaded" = 0 ] || fail "the load ended with $loaded; see $log"
say "accounts"
podman exec trial_dashboard_1 boostnet accounts --bootstrap kafka:9092
say "every frame has exactly one outcome"
