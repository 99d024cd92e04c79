/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-clock.h"
#include "quotes-hub.h"

G_BEGIN_DECLS

/* How long an answer waits for the first price. */
#define QUOTES_ADDS_WAIT_US (2 * G_USEC_PER_SEC)

/**
 * QuotesAdds:
 *
 * The route that adds an instrument (contract 2). Its answer waits a moment for the first price, so
 * that whoever adds something mostly sees it: 201 with the item, else 202.
 */
typedef struct _QuotesAdds QuotesAdds;

QuotesAdds *quotes_adds_new (QuotesHub *hub, QuotesClock *clock);
void quotes_adds_free (QuotesAdds *self);
void quotes_adds_answer (QuotesAdds *self, SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAdds, quotes_adds_free)

G_END_DECLS
