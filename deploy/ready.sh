#!/usr/bin/env bash
# Succeeds when an HTTP GET on this machine answers 200: the health check of images that have bash and no curl.
#   ready.sh [PORT [PATH]]     default: the port of ADMIN_ADDR (9090), /readyz
# It knows nothing of the service; the answer of /readyz is the service's own word.
set -euo pipefail

admin=${ADMIN_ADDR:-0.0.0.0:9090}
port=${1:-${admin##*:}}
path=${2:-/readyz}

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&3
# Two seconds, below the three that Docker gives the whole check, so that a hung service is named by us and not just killed.
IFS= read -r -t 2 status <&3 || { echo "no answer from port $port within 2 s" >&2; exit 1; }
[[ $status == HTTP/1.?' 200 '* || $status == HTTP/1.?' 200'$'\r' ]] || { echo "$path answered: ${status%$'\r'}" >&2; exit 1; }
