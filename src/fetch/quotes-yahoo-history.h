/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-http.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

char *quotes_yahoo_build_history_path (const QuotesInstrument *instrument,
                                       QuotesInterval interval,
                                       gint64 from_us,
                                       gint64 to_us);
QuotesHistory *quotes_yahoo_parse_history (const QuotesHttpAnswer *answer,
                                           const QuotesInstrument *instrument,
                                           QuotesInterval interval,
                                           gint64 now_us,
                                           GError **error);

G_END_DECLS
