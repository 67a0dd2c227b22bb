#!/usr/bin/env bash
# Linux on arm64, shown on x86-64: `evaluate` on frames that ship, with the JDK and the native libraries of arm64 in an
# emulator, gives the classes and exits that it gives here, but for confidences that lie within 1e-4 of a threshold. Both
# run the bundle's golden rows first, whose logits were computed on x86-64.
#
# Needs: JDK 17, Maven, python3, and of Debian 12 apt and dpkg-deb. No root: JDK 17 for arm64 comes as Debian's packages,
# unpacked below target/arm64, and so does QEMU where there is none or an older one: in 7.2, which is Debian 12's, ONNX
# Runtime 1.28 ends with SIGSEGV as it opens a model. A few minutes.
#   docker/trial/arm64.sh [FRAMES] [PRECISION]      100 frames and fp32 without others
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
work=$root/target/arm64
frames=${1:-100}
bundle=$root/jobs/demo/models/gtsrb-msdnet
precision=${2:-fp32} # by itself each machine would take the faster one
thresholds=0.9,0.9,0.9,0
mkdir -p "$work"/{arm64,amd64}/{lists/partial,archives/partial}

fail() {
  printf 'arm64: %s\n' "$*" >&2
  exit 1
}
for tool in apt-get dpkg-deb mvn python3; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

# unpack ARCHITECTURE DIRECTORY PACKAGES...: with apt's lists and signatures, but installs nothing.
unpack() {
  local at=$work/$1 into=$work/$2
  : >"$at/status"
  local apt=(apt-get -qq -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o "Dir::State::Lists=$at/lists"
    -o "Dir::State::status=$at/status" -o "Dir::Cache=$at" -o Debug::NoLocking=1 ${sources[@]+"${sources[@]}"})
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends --download-only "${@:3}"
  for package in "$at"/archives/*.deb; do dpkg-deb -x "$package" "$into"; done
}
java=$work/root/usr/lib/jvm/java-17-openjdk-arm64/bin/java
if [ ! -x "$java" ]; then unpack arm64 root openjdk-17-jre-headless libgomp1; fi

version() { "$1" --version 2>/dev/null | sed -n '1s/.* version \([0-9]*\)\..*/\1/p'; }
qemu=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
if [ -z "$qemu" ] || [ "$(version "$qemu")" -lt 10 ]; then
  qemu=$work/emulator/usr/bin/qemu-aarch64
  if [ ! -x "$qemu" ]; then
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
      "http://deb.debian.org/debian bookworm-backports main" >"$work/backports.list"
    sources=(-o "Dir::Etc::SourceList=$work/backports.list" -o Dir::Etc::SourceParts=/dev/null)
    unpack amd64 emulator qemu-user
  fi
  [ "$(version "$qemu")" -ge 10 ] || fail "Debian's backports have no QEMU 10: $("$qemu" --version | head -n 1)"
fi
"$qemu" --version | head -n 1

evaluate=(evaluate --bundle "$bundle" --frames "$root/jobs/demo/frames/gtsrb-tracks.avro" --limit "$frames"
  --precision "$precision" --thresholds "$thresholds" --predictions)
"$root/boostnet" "${evaluate[@]}" "$work/x86-64.csv" >"$work/x86-64.txt"
"$root/boostnet" inspect --check --precision "$precision" "$bundle" >"$work/x86-64-golden.txt"

# The libraries that the build takes for arm64, before those of this machine's class path.
mvn -q -B -ntp -f "$root/pom.xml" -pl operators -am -DskipTests -Dspotless.check.skip -Dnative.platform=linux-arm64 \
  test-compile dependency:copy-dependencies -DincludeScope=runtime \
  -DincludeGroupIds=com.microsoft.onnxruntime,org.bytedeco -DoutputDirectory="$work/flink-lib"
path="$work/flink-lib/*:$root/jobs/tools/target/classes:$(tr ':' '\n' <"$root/jobs/tools/target/classpath" |
  grep -v -- '-linux-x86_64\.jar$' | paste -sd:)"
emulated() {
  ORT_DISABLE_TELEMETRY=1 "$qemu" -L "$work/root" "$java" -Djava.awt.headless=true -Dboostnet.root="$root" \
    --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \
    -cp "$path" io.boostnet.jobs.Main "$@"
}
emulated "${evaluate[@]}" "$work/arm64.csv" >"$work/arm64.txt"
emulated inspect --check --precision "$precision" "$bundle" >"$work/arm64-golden.txt"

for platform in x86-64 arm64; do
  printf '== %s\n' "$platform"
  cat "$work/$platform.txt" "$work/$platform-golden.txt"
done
python3 - "$work/x86-64.csv" "$work/arm64.csv" "$thresholds" <<'PYTHON'
import csv, sys
here, there = ([row for row in csv.DictReader(open(name))] for name in sys.argv[1:3])
thresholds = [float(t) for t in sys.argv[3].split(",")]
if len(here) != len(there) or not here:
    sys.exit(f"arm64: {len(here)} and {len(there)} frames")
apart, largest, near = [], 0.0, 0
for a, b in zip(here, there):
    same = all(a[key] == b[key] for key in ("sourceId", "sequence", "exit", "label"))
    if same:
        largest = max(largest, abs(float(a["confidence"]) - float(b["confidence"])))
        continue
    first = min(a, b, key=lambda row: int(row["exit"]))
    if a["exit"] != b["exit"] and abs(float(first["confidence"]) - thresholds[int(first["exit"]) - 1]) <= 1e-4:
        near += 1
    else:
        apart.append((a, b))
print(f"{len(here)} frames: {len(here) - near - len(apart)} with the same exit and class, their confidences within {largest:.1e};"
      f" {near} within 1e-4 of a threshold; {len(apart)} otherwise apart")
for a, b in apart:
    print("x86-64", a, "arm64", b)
sys.exit(1 if apart else 0)
PYTHON
