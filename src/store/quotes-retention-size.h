/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-retention-run.h"

G_BEGIN_DECLS

/* The steps of a run that are about the size of the file. */
gboolean quotes_retention_limit_size (QuotesRetentionRun *self,
                                      QuotesDatabase *database,
                                      gboolean *is_done,
                                      GError **error);
gboolean quotes_retention_vacuum (QuotesRetentionRun *self,
                                  QuotesDatabase *database,
                                  gboolean *is_done,
                                  GError **error);

G_END_DECLS
