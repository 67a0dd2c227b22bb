#!/bin/bash
# What /docker-entrypoint.sh and the scripts of Flink's image do, as far as compose.yaml asks for it: options from
# FLINK_PROPERTIES, memory of the JVM by Flink's own calculation, and the main class. Other commands are run as they are.
set -euo pipefail
export FLINK_LIB_DIR=$FLINK_HOME/lib FLINK_PLUGINS_DIR=$FLINK_HOME/plugins FLINK_CONF_DIR=$FLINK_HOME/conf
case "$1" in
  standalone-job)
    main=org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint
    memory=GET_JM_RESOURCE_PARAMS
    ;;
  taskmanager)
    main=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    memory=GET_TM_RESOURCE_PARAMS
    ;;
  *) exec "$@" ;;
esac
role=$1
shift

opens=()
for package in java.lang java.lang.invoke java.lang.reflect java.net java.nio java.text java.time java.util \
  java.util.concurrent java.util.concurrent.atomic java.util.concurrent.locks; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
options=(-Djobmanager.rpc.address="${JOB_MANAGER_RPC_ADDRESS:-$(hostname)}" -Dblob.server.port=6124
  -Drest.address=0.0.0.0 -Drest.bind-address=0.0.0.0 -Djobmanager.bind-host=0.0.0.0 -Dtaskmanager.bind-host=0.0.0.0)
jvm=()
while IFS=: read -r key value; do
  value=$(tr -d '[:space:]' <<<"$value" | envsubst)
  case "$key" in
    '') ;;
    "env.java.opts.$role") jvm+=("$value") ;;
    *) options+=("-D$key=$value") ;;
  esac
done <<<"${FLINK_PROPERTIES:-}"

params=$(java "${opens[@]}" -cp "$FLINK_LIB_DIR/*" org.apache.flink.runtime.util.bash.BashJavaUtils "$memory" \
  --configDir "$FLINK_CONF_DIR" "${options[@]}" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p')
mapfile -t lines <<<"$params" # options of the JVM, then options of Flink
read -r -a heap <<<"${lines[0]}"
read -r -a sizes <<<"${lines[1]}"
exec java "${heap[@]}" "${opens[@]}" "${jvm[@]}" "-Dlog4j.configurationFile=$FLINK_CONF_DIR/log4j2.xml" \
  -cp "$FLINK_LIB_DIR/*" "$main" --configDir "$FLINK_CONF_DIR" "${options[@]}" "${sizes[@]}" "$@"
