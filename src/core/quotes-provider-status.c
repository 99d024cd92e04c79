/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-provider-status.h"

void
quotes_provider_status_free (QuotesProviderStatus *self)
{
  g_free (self->message);
  g_free (self);
}

/* See quotes_poller_get_state(). */
const char *
quotes_provider_statuses_get_state (GPtrArray *statuses)
{
  guint n_busy = 0;
  guint n_ok = 0;
  guint n_waiting = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      n_busy += status->n_instruments > 0;
      n_ok += g_str_equal (status->state, "ok");
      n_waiting += g_str_equal (status->state, "waiting");
    }
  if (n_busy == 0)
    return "idle";
  if (n_ok == 0)
    return n_waiting > 0 ? "waiting" : "error";
  return n_ok + n_waiting == n_busy ? "ok" : "degraded";
}

gint64
quotes_provider_statuses_get_last_ok_us (GPtrArray *statuses)
{
  gint64 last_us = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      last_us = MAX (last_us, status->last_ok_us);
    }
  return last_us;
}

gint64
quotes_provider_statuses_get_next_try_us (GPtrArray *statuses)
{
  gint64 next_us = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      if (status->next_try_us != 0 && (next_us == 0 || status->next_try_us < next_us))
        next_us = status->next_try_us;
    }
  return next_us;
}
