/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"

G_BEGIN_DECLS

GHashTable *quotes_trouble_list (const QuotesBatch *batch,
                                 GPtrArray *instruments,
                                 gboolean is_over,
                                 gboolean is_offline);

G_END_DECLS
