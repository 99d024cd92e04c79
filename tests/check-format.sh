#!/bin/sh
# check-format.sh CLANG-FORMAT ROOT: every C file looks as .clang-format says.
set -eu
cd "$2"
find src tests -name '*.[ch]' -exec "$1" --dry-run --Werror {} +
