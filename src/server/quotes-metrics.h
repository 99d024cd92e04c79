/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-door.h"
#include "quotes-status-json.h"

G_BEGIN_DECLS

#define QUOTES_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

void quotes_metrics_append (const QuotesStatusSources *sources,
                            const QuotesDoorCounters *door,
                            guint64 n_rate_limited,
                            GString *text);

G_END_DECLS
