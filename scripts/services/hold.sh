#!/usr/bin/env bash
# A trial that takes a moment.
set -euo pipefail

sleep 2
echo "loss=$PICOML_PARAM_X"
