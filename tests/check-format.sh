#!/bin/sh
# check-format.sh CLANG-FORMAT ROOT: every C file looks as .clang-format says.
set -eu
command -v "$1" >/dev/null || { echo "$1 is missing"; exit 77; }
cd "$2"
find src tests -name '*.[ch]' -exec "$1" --dry-run --Werror {} +
