/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-tally.h"

void
quotes_tally_clear (QuotesTally *self)
{
  g_clear_error (&self->error);
}

static guint
count_invalid (const QuotesBatch *batch)
{
  GHashTableIter iter;
  gpointer code = NULL;
  guint n_invalid =
    g_error_matches (batch->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BAD_DATA);

  g_hash_table_iter_init (&iter, batch->symbol_errors);
  while (g_hash_table_iter_next (&iter, NULL, &code))
    n_invalid += GPOINTER_TO_INT (code) != QUOTES_SYMBOL_ERROR_NOT_FOUND;
  return n_invalid;
}

/**
 * quotes_tally_add_answer:
 * @batch: as it came, before anybody judged it
 * @now_us: the real time
 */
void
quotes_tally_add_answer (QuotesTally *self, const QuotesBatch *batch, gint64 now_us)
{
  self->n_requests += batch->n_requests;
  self->n_invalid += count_invalid (batch);
  if (batch->quotes->len > 0)
    self->last_ok_us = now_us;
}

/* @batch: the last answer of the round, with its error */
void
quotes_tally_end_round (QuotesTally *self, const QuotesBatch *batch)
{
  self->n_rounds++;
  g_clear_error (&self->error);
  self->error = batch->error != NULL ? g_error_copy (batch->error) : NULL;
}

static const char *
get_state (const QuotesTally *self, QuotesBreakerState breaker, guint n_instruments)
{
  if (n_instruments == 0)
    return "idle";
  if (breaker != QUOTES_BREAKER_CLOSED)
    return quotes_breaker_state_to_string (breaker);
  /* That we hold back ourselves is not the provider's error. */
  if (self->error != NULL &&
      !g_error_matches (self->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED))
    return "error";
  return self->last_ok_us == 0 && self->n_rounds == 0 ? "waiting" : "ok";
}

/**
 * quotes_tally_fill_status:
 * @breaker: the state of the host's breaker
 * @status: (inout): knows the number of instruments; gets what the tally knows
 */
void
quotes_tally_fill_status (const QuotesTally *self,
                          QuotesBreakerState breaker,
                          QuotesProviderStatus *status)
{
  status->state = get_state (self, breaker, status->n_instruments);
  if (self->error != NULL)
    {
      status->reason = quotes_provider_error_to_string ((QuotesProviderError) self->error->code);
      status->message = g_strdup (self->error->message);
    }
  status->last_ok_us = self->last_ok_us;
  status->n_requests = self->n_requests;
  status->n_rounds = self->n_rounds;
  status->n_invalid = self->n_invalid;
}
