/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"

G_BEGIN_DECLS

void quotes_history_fold (QuotesHistory *self, GArray *bars);

G_END_DECLS
