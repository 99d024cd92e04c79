#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-first-paint.py MARKETWELLD MARKETWELL: after a start without a network everybody sees
yesterday's prices at once, with their age. Speaks TAP."""

import calendar
import contextlib
import json
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from marketwell import LIST, SLOW, Daemon, Reader, run_tests  # noqa: E402

MARKETWELLD, MARKETWELL = sys.argv[1:3]
DAY_US = 86400 * 1000000
AT_ONCE_S = 0.05 * SLOW


def make_yesterday(state_dir):
    """Nine prices of a day ago, as if a market had said them."""
    with Daemon(MARKETWELLD, state_dir, '--demo', '--interval', '0.1') as daemon:
        daemon.wait_for_status(lambda status: (status['stored'] or 0) > 3, 'stored prices')
        assert daemon.stop() == 0
    with contextlib.closing(sqlite3.connect(state_dir / 'market.db')) as database:
        database.execute(f'UPDATE quotes SET fetched_us = fetched_us - {DAY_US},'
                         f' quote_time_us = quote_time_us - {DAY_US}')
        database.commit()


@contextlib.contextmanager
def nowhere():
    """An address where nobody answers: it takes connections and says nothing."""
    with socket.create_server(('127.0.0.1', 0), backlog=64) as listener:
        yield f'http://127.0.0.1:{listener.getsockname()[1]}'


def everybody_sees_yesterday():
    with tempfile.TemporaryDirectory(prefix='marketwell-paint-') as folder, nowhere() as url:
        state_dir = pathlib.Path(folder)
        make_yesterday(state_dir)
        with Daemon(MARKETWELLD, state_dir, '--upstream', f'yahoo={url}', '--upstream',
                    f'coingecko={url}') as daemon:
            asked = time.monotonic()
            first = Reader(daemon).wait_for('quotes.snapshot')
            frame_s = first[0] - asked
            quotes = first[3]
            answer = daemon.get(LIST)['quotes']

            asked = time.monotonic()
            output = subprocess.run([MARKETWELL, '--address',
                                     f'unix:{state_dir}/http.sock', 'list', '--json'],
                                    check=True, capture_output=True).stdout
            list_s = time.monotonic() - asked
            listed = json.loads(output)
            listed = listed['quotes'] if isinstance(listed, dict) else listed
            text = subprocess.run([MARKETWELL, '--address', f'unix:{state_dir}/http.sock', 'list'],
                                  check=True, capture_output=True, text=True).stdout
            assert daemon.stop() == 0

        for items in (quotes, answer, listed):
            assert len(items) == 9, items
            for item in items:
                assert item['stale'] is True and item['stale_reason'] == 'stored', item
                at = time.strptime(item['ts_iso'][:19], '%Y-%m-%dT%H:%M:%S')
                age_s = time.time() - calendar.timegm(at)
                assert 86000 < age_s < 90000, (item['ts_iso'], age_s)
        assert text.count('\n') >= 9 and '1' in text, text
        line = (f'PROMISE first-paint frame_ms={frame_s * 1e3:.1f} list_ms={list_s * 1e3:.1f} '
                f'quotes={len(quotes)}')
        print(f'# {line}')
        assert frame_s < AT_ONCE_S and list_s < AT_ONCE_S, line
        return text.splitlines()[1] if text else None


sys.exit(run_tests([('/first-paint/everybody-sees-yesterday-at-once', everybody_sees_yesterday)]))
