/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-filling.h"

#include "quotes-backfill.h"
#include "quotes-providers.h"

struct _QuotesFilling
{
  QuotesBackfill *backfill; /* (owned) */
  GNetworkMonitor *monitor; /* (owned) */
};

static void
network_changed_cb (QuotesFilling *self, gboolean is_available)
{
  quotes_backfill_set_online (self->backfill, is_available);
}

/* A year of bars can wait until they cost nothing. */
static void
metered_changed_cb (QuotesFilling *self)
{
  quotes_backfill_set_paused (self->backfill,
                              g_network_monitor_get_network_metered (self->monitor));
}

/**
 * quotes_filling_new:
 * @hub: has adopted what was kept
 * @poller: has not started yet
 * @archive: where the bars go
 * @markets: (element-type QuotesMarket): who may know the past
 * @monitor: who knows the network
 *
 * Returns: (transfer full): has to be freed before the archive is closed
 */
QuotesFilling *
quotes_filling_new (QuotesHub *hub,
                    QuotesPoller *poller,
                    QuotesArchive *archive,
                    QuotesClock *clock,
                    GPtrArray *markets,
                    GNetworkMonitor *monitor)
{
  QuotesFilling *self = g_new0 (QuotesFilling, 1);

  self->backfill = quotes_backfill_new (hub, poller, archive, clock, g_rand_new ());
  for (guint i = 0; i < markets->len; i++)
    {
      const QuotesMarket *market = g_ptr_array_index (markets, i);

      quotes_backfill_add_provider (self->backfill, market->provider, market->breaker,
                                    market->is_public);
    }
  self->monitor = g_object_ref (monitor);
  g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (network_changed_cb), self);
  g_signal_connect_swapped (monitor, "notify::network-metered", G_CALLBACK (metered_changed_cb),
                            self);
  network_changed_cb (self, g_network_monitor_get_network_available (monitor));
  metered_changed_cb (self);
  quotes_backfill_start (self->backfill);

  return self;
}

void
quotes_filling_free (QuotesFilling *self)
{
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  quotes_backfill_stop (self->backfill);
  g_object_unref (self->backfill);
  g_object_unref (self->monitor);
  g_free (self);
}

/* For good. What is under way is cancelled. */
void
quotes_filling_stop (QuotesFilling *self)
{
  quotes_backfill_stop (self->backfill);
}
