/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"

G_BEGIN_DECLS

/* (transfer full) (element-type QuotesBar) */
GArray *quotes_lttb_reduce (GArray *bars, guint n_points);

G_END_DECLS
