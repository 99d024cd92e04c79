/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-providers-variant.h"

static void
add_text (GVariantBuilder *builder, const char *member, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", member, g_variant_new_string (value));
}

static void
add_time (GVariantBuilder *builder, const char *member, gint64 value_us)
{
  if (value_us > 0)
    g_variant_builder_add (builder, "{sv}", member, g_variant_new_int64 (value_us));
}

static void
add_count (GVariantBuilder *builder, const char *member, guint value)
{
  g_variant_builder_add (builder, "{sv}", member, g_variant_new_uint32 (value));
}

static void
add_total (GVariantBuilder *builder, const char *member, guint64 value)
{
  g_variant_builder_add (builder, "{sv}", member, g_variant_new_uint64 (value));
}

static GVariant *
pending_to_variant (const QuotesPending *pending)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "symbol", pending->symbol);
  add_text (&builder, "instrument", pending->instrument);
  add_text (&builder, "reason", pending->reason);
  add_time (&builder, "next_check", pending->next_check_us);

  return g_variant_builder_end (&builder);
}

/* The instruments without a price that @provider should price. */
static GVariant *
pendings_to_variant (GPtrArray *pendings, QuotesWatchlist *watchlist, const char *provider)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < pendings->len; i++)
    {
      const QuotesPending *pending = g_ptr_array_index (pendings, i);
      const QuotesInstrument *instrument = quotes_watchlist_lookup (watchlist, pending->symbol);

      if (instrument != NULL && g_str_equal (instrument->provider, provider))
        g_variant_builder_add_value (&builder, pending_to_variant (pending));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
status_to_variant (const QuotesProviderStatus *status, QuotesArchive *archive, GVariant *pendings)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "label", status->info->label);
  add_text (&builder, "tier", status->info->tier);
  add_text (&builder, "attribution", status->info->attribution);
  add_text (&builder, "state", status->state);
  add_text (&builder, "reason", status->reason);
  add_text (&builder, "message", status->message);
  add_time (&builder, "last_ok", status->last_ok_us);
  add_time (&builder, "next_try", status->next_try_us);
  add_time (&builder, "interval_us", status->interval_us);
  add_text (&builder, "interval_reason", status->interval_reason);
  add_count (&builder, "failures", status->n_failures);
  add_count (&builder, "instruments", status->n_instruments);
  add_total (&builder, "rounds", status->n_rounds);
  add_total (&builder, "requests", status->n_requests);
  if (archive != NULL)
    add_total (&builder, "requests_today",
               quotes_archive_get_calls_today (archive, status->info->id));
  add_total (&builder, "invalid", status->n_invalid);
  g_variant_builder_add (&builder, "{sv}", "pending", pendings);

  return g_variant_builder_end (&builder);
}

/**
 * quotes_providers_to_variant:
 * @archive: (nullable): what is kept of the past
 *
 * Returns: (transfer floating): the `a{sa{sv}}` of the property `Providers`
 */
GVariant *
quotes_providers_to_variant (QuotesPoller *poller,
                             QuotesArchive *archive,
                             QuotesWatchlist *watchlist)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (poller);
  g_autoptr (GPtrArray) pendings = quotes_poller_dup_pending (poller);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{sv}}"));
  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      g_variant_builder_add (
        &builder, "{s@a{sv}}", status->info->id,
        status_to_variant (status, archive,
                           pendings_to_variant (pendings, watchlist, status->info->id)));
    }
  return g_variant_builder_end (&builder);
}
