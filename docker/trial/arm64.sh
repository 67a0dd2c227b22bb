#!/usr/bin/env bash
# Linux on arm64, shown on x86-64: `evaluate` on frames that ship, with the JDK and the native libraries of arm64 in an
# emulator, gives the classes and exits that it gives here, but for confidences that lie within 1e-4 of a threshold. Both
# run the bundle's golden rows first, whose logits were computed on x86-64.
#
# Needs: JDK 17, Maven, python3, and of Debian 12 apt, dpkg-deb and qemu-user-static. No root: JDK 17 for arm64 comes as
# Debian's packages, unpacked below target/arm64. A few minutes.
#   docker/trial/arm64.sh [FRAMES]      100 frames without another number
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
work=$root/target/arm64
frames=${1:-100}
bundle=$root/jobs/demo/models/gtsrb-msdnet
thresholds=0.9,0.9,0.9,0
mkdir -p "$work"/{lists/partial,cache/archives/partial}

fail() {
  printf 'arm64: %s\n' "$*" >&2
  exit 1
}
for tool in qemu-aarch64-static apt-get dpkg-deb mvn python3; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

java=$work/root/usr/lib/jvm/java-17-openjdk-arm64/bin/java
if [ ! -x "$java" ]; then
  : >"$work/status" # nothing is installed: all that the JDK needs is fetched with it
  apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State::Lists=$work/lists"
    -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends --download-only openjdk-17-jre-headless libgomp1
  for package in "$work"/cache/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done
fi

evaluate=(evaluate --bundle "$bundle" --frames "$root/jobs/demo/frames/gtsrb-tracks.avro" --limit "$frames"
  --thresholds "$thresholds" --predictions)
"$root/boostnet" "${evaluate[@]}" "$work/x86-64.csv" >"$work/x86-64.txt"
"$root/boostnet" inspect --check "$bundle" >"$work/x86-64-golden.txt"

# The libraries that the build takes for arm64, before those of this machine's class path.
mvn -q -B -ntp -f "$root/pom.xml" -pl operators -am -DskipTests -Dspotless.check.skip -Dnative.platform=linux-arm64 \
  compile dependency:copy-dependencies -DincludeScope=runtime \
  -DincludeGroupIds=com.microsoft.onnxruntime,org.bytedeco -DoutputDirectory="$work/flink-lib"
path="$work/flink-lib/*:$root/jobs/tools/target/classes:$(tr ':' '\n' <"$root/jobs/tools/target/classpath" |
  grep -v -- '-linux-x86_64\.jar$' | paste -sd:)"
emulated() {
  ORT_DISABLE_TELEMETRY=1 qemu-aarch64-static -L "$work/root" "$java" -Djava.awt.headless=true -Dboostnet.root="$root" \
    --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \
    -cp "$path" io.boostnet.jobs.Main "$@"
}
emulated "${evaluate[@]}" "$work/arm64.csv" >"$work/arm64.txt"
emulated inspect --check "$bundle" >"$work/arm64-golden.txt"

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
