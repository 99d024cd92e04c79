/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-options.h"

G_BEGIN_DECLS

/* Builds everything, runs until SIGTERM, SIGINT, SIGHUP or the end of the bus, and takes everything
 * down. Returns the exit code; what went wrong has been said on standard error. */
int quotes_daemon_run (const QuotesOptions *options);

G_END_DECLS
