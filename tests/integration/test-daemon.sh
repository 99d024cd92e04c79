#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test-daemon.sh MARKETWELLD APP-ID: the real daemon on a private session bus. Speaks TAP.
set -u
if [ "${MARKETWELL_PRIVATE_BUS:-0}" = 0 ]; then
  MARKETWELL_PRIVATE_BUS=1 exec dbus-run-session -- "$0" "$@" 2>/dev/null
fi
daemon=$1
id=$2
path=/$(echo "$id" | tr . /)
state=$(mktemp -d)
slow=${MARKETWELL_TEST_SLOW:-1}
pid=''
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$state"' EXIT
n=0

check () { # NAME COMMAND...
  name=$1; shift
  n=$((n + 1))
  if "$@"; then echo "ok $n $name"; else echo "not ok $n $name"; fi
}
call () { # METHOD ARGUMENT...
  method=$1; shift
  gdbus call --session -d "$id" -o "$path" -m "$id.Quotes1.$method" "$@" 2>&1
}
eventually () { # COMMAND...: within 10 s
  tries=$((100 * slow))
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}
exits_with () { # CODE COMMAND...
  code=$1; shift
  "$@" >/dev/null 2>"$state/said"
  [ $? = "$code" ] && [ "$(wc -l < "$state/said")" = 1 ]
}
start () {
  "$daemon" --demo --interval 0.1 --listen 127.0.0.1:0 --state-dir "$state/s" >"$state/out" &
  pid=$!
}
price () { call GetQuote XAU | sed -n "s/.*'price': <\([0-9.]*\)>.*/\1/p"; }
has_price () { [ -n "$(price)" ]; }
moves () { [ "$(price)" != "$first" ]; }
has () { call GetQuote "$1" | grep -q "'source': <'demo'>"; }
says () { # PATTERN METHOD ARGUMENT...
  pattern=$1; shift
  call "$@" | grep -q -- "$pattern"
}

start
check 'a quote comes over the bus' eventually has_price
first=$(price)
check 'it moves' eventually moves
check 'a snapshot has a version and the nine defaults' says '(uint64 [1-9].*BTC.*IXIC' GetSnapshot
check 'an instrument can be added' says "('AAPL',)" Add yahoo:AAPL
check 'its price comes' eventually has AAPL
check 'an impossible name is refused' says "$id.Error" Add nobody:X
check 'an unknown symbol is an error' says "$id.Error" GetQuote NOPE
check 'a second one on the folder ends with 69' exits_with 69 "$daemon" --demo --listen 127.0.0.1:0 --state-dir "$state/s"
check 'a second one on the bus ends with 69' exits_with 69 "$daemon" --demo --listen 127.0.0.1:0 --state-dir "$state/t"
check 'a wrong option ends with 78' exits_with 78 "$daemon" --interval nothing
check 'an impossible interval ends with 78' exits_with 78 "$daemon" --demo --interval -1
check 'a wrong argument ends with 78' exits_with 78 "$daemon" --demo xyz
kill -TERM "$pid"
wait "$pid"
check 'SIGTERM ends it with 0' test $? = 0
check 'the folder is 0700' test "$(stat -c %a "$state/s")" = 700
start
check 'the list was kept' eventually has AAPL
check 'an instrument can be removed' says '()' Remove AAPL
check 'then it is unknown' says "$id.Error" GetQuote AAPL
kill -TERM "$pid"
wait "$pid"
echo "1..$n"
