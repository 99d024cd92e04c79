/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-instrument.h"

G_BEGIN_DECLS

QuotesHistory *quotes_demo_make_history (const QuotesInstrument *instrument,
                                         double start,
                                         double price,
                                         QuotesInterval interval,
                                         gint64 from_us,
                                         gint64 to_us,
                                         gint64 now_us);

G_END_DECLS
