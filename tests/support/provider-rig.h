/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-http.h"

G_BEGIN_DECLS

/* What the tests of the providers' parsers share. */

/* (transfer full): the body is a file below tests/fixtures */
QuotesHttpAnswer *rig_load_answer (const char *file, guint status);
QuotesHttpAnswer *rig_make_answer (const char *text, guint status, const char *content_type);
/* (transfer full): what the user typed as PROVIDER:NAME and nobody knows more of */
QuotesInstrument *rig_make_instrument (const char *provider, const char *name);
/* (transfer full): of @names, which are divided by blanks */
GPtrArray *rig_make_instruments (const char *provider, const char *names);
/* (transfer none) (nullable) */
const QuotesQuote *rig_find_quote (const QuotesBatch *batch, const char *symbol);
int rig_get_symbol_error (const QuotesBatch *batch, const char *symbol);

G_END_DECLS
