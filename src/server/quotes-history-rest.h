/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-archive.h"
#include "quotes-hub.h"

G_BEGIN_DECLS

/* So many answers wait for the disk; the archive reads one after the other. */
#define QUOTES_HISTORY_READS_MAX 16

/**
 * QuotesHistoryRest:
 *
 * The routes that ask for the past: the history of one symbol, pages of everything, and the list
 * with its sparklines. Their answers wait until the archive has read them.
 */
typedef struct _QuotesHistoryRest QuotesHistoryRest;

QuotesHistoryRest *quotes_history_rest_new (QuotesHub *hub);
void quotes_history_rest_free (QuotesHistoryRest *self);
void quotes_history_rest_set_archive (QuotesHistoryRest *self, QuotesArchive *archive);
QuotesArchive *quotes_history_rest_get_archive (QuotesHistoryRest *self);
void quotes_history_rest_answer_history (QuotesHistoryRest *self,
                                         SoupServerMessage *message,
                                         const char *symbol);
void quotes_history_rest_answer_list (QuotesHistoryRest *self, SoupServerMessage *message);
void quotes_history_rest_answer_records (QuotesHistoryRest *self, SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesHistoryRest, quotes_history_rest_free)

G_END_DECLS
