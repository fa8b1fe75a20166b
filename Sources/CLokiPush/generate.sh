#!/usr/bin/env bash
# Makes push.pb-c.c and include/push.pb-c.h anew from push.proto (Debian: protobuf-c-compiler).
set -euo pipefail
cd "$(dirname "$0")"
protoc-c --c_out=. push.proto
mv push.pb-c.h include/push.pb-c.h
