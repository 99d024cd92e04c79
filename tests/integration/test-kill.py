#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-kill.py MARKETWELLD: nothing that was said to be stored is lost by SIGKILL. Speaks TAP."""

import contextlib
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from marketwell import LIST, SLOW, Daemon, Reader, run_tests, wait_until  # noqa: E402

MARKETWELLD = sys.argv[1]
ROUNDS = int(os.environ.get('MARKETWELL_KILLS', '60'))
INTERVAL_S = 0.02
LIFE_S = (0.05, 0.6)
# From the start of the program; the promise is for a machine of usual speed.
RESTART_MAX_S = 1.0 * SLOW


class Totals:
    """What all rounds saw together."""

    def __init__(self):
        self.kills = self.acknowledged = self.rows = self.lost = self.torn = 0
        self.restart_s = 0.0


def list_versions(reader):
    """What the stream said: {version: {symbol: price}} of fresh prices, and the run."""
    versions, run = {}, None
    for _time, name, number, data in reader.named('quotes.update', 'quotes.snapshot'):
        run = number.partition('.')[0] if number else run
        if name == 'quotes.update' and not data['stale']:
            versions.setdefault(data['seq'], {})[data['symbol']] = data['price']
    return versions, run


def live(state_dir, random_source, totals):
    """One life: -> what was said in it, and the highest version that was said to be stored."""
    daemon = Daemon(MARKETWELLD, state_dir, '--demo', '--interval', str(INTERVAL_S),
                    '--stamp-frames')
    reader = Reader(daemon)
    first = reader.wait_for('quotes.snapshot')
    totals.restart_s = max(totals.restart_s, first[0] - daemon.started)
    stored = 0
    end = time.monotonic() + random_source.uniform(*LIFE_S)
    while time.monotonic() < end:
        stored = max(stored, daemon.get(LIST)['stored'] or 0)
    daemon.kill()
    reader.join(10)
    said = [event[3]['stored'] or 0 for event in reader.named('status')]
    return *list_versions(reader), max([stored, *said])


def check(path, versions, run, stored, totals):
    """Every version up to STORED is in the file, complete and once."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute('PRAGMA quick_check').fetchall() == [('ok',)]
        run_id = database.execute('SELECT id FROM runs WHERE epoch = ?', (run,)).fetchone()[0]
        kept = [row[0] for row in database.execute(
            'SELECT version FROM versions WHERE run = ? ORDER BY version', (run_id,))]
        ticks = database.execute(
            'SELECT version, symbol, price FROM ticks'
            ' JOIN instruments ON instruments.id = instrument_id WHERE run = ?',
            (run_id,)).fetchall()
        totals.torn += database.execute(
            'SELECT count(*) FROM versions v WHERE run = ? AND n_ticks !='
            ' (SELECT count(*) FROM ticks t WHERE t.run = v.run AND t.version = v.version)',
            (run_id,)).fetchone()[0]
    totals.rows += len(ticks)
    totals.acknowledged += stored
    totals.lost += len(set(range(1, stored + 1)) - set(kept))
    totals.torn += len(kept) - len(set(kept)) + len(ticks) - len({tick[:2] for tick in ticks})
    found = {(version, symbol): price for version, symbol, price in ticks}
    for version, prices in versions.items():
        if version <= stored:
            totals.lost += sum(found.get((version, symbol)) != price
                               for symbol, price in prices.items())


def nothing_stored_is_lost():
    totals = Totals()
    random_source = random.Random(18787)
    with tempfile.TemporaryDirectory(prefix='marketwell-kill-') as folder:
        path = pathlib.Path(folder) / 'market.db'
        for _ in range(ROUNDS):
            versions, run, stored = live(folder, random_source, totals)
            totals.kills += 1
            check(path, versions, run, stored, totals)
        with Daemon(MARKETWELLD, folder, '--demo', '--interval', '3600') as daemon:
            wait_until(lambda: daemon.get(LIST)['quotes'], 'prices')
            assert daemon.stop() == 0
        assert not list(pathlib.Path(folder).glob('*corrupt*'))
    line = (f'PROMISE R1 kills={totals.kills} acked={totals.acknowledged} rows={totals.rows} '
            f'lost={totals.lost} torn={totals.torn} max_restart_ms={totals.restart_s * 1e3:.0f}')
    print(f'# {line}', flush=True)
    assert totals.acknowledged > ROUNDS, 'hardly anything was said to be stored'
    assert totals.lost == 0 and totals.torn == 0, line
    assert totals.restart_s < RESTART_MAX_S, line


sys.exit(run_tests([('/kill/nothing-stored-is-lost', nothing_stored_is_lost)]))
