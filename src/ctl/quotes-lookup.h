/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

/* The list as it is now; for commands that wait. */
QuotesSnapshot *quotes_lookup_list (QuotesClient *client, GError **error);
/* Returns: (transfer none) (nullable): what the user means by @text, in any case */
const QuotesQuote *quotes_lookup_quote (const QuotesSnapshot *list, const char *text);
/* Returns: (transfer none): the symbol of that, or @text when the list has nothing like it, so that
 *   the service may know better */
const char *quotes_lookup_symbol (const QuotesSnapshot *list, const char *text);

G_END_DECLS
