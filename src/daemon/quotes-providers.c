/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-providers.h"

#include <glib/gi18n.h>

#include "quotes-coingecko.h"
#include "quotes-demo.h"
#include "quotes-yahoo.h"

/* Any number; a fixed one makes two demonstrations alike. */
#define DEMO_SEED 18787

/* The hosts that are asked, and who asks them. */
static const struct
{
  const QuotesUpstreamPlan *(*get_plan) (void);
  QuotesProvider *(*create) (QuotesUpstream *upstream, QuotesClock *clock);
} markets[] = {
  {quotes_yahoo_get_upstream_plan, quotes_yahoo_new},
  {quotes_coingecko_get_upstream_plan, quotes_coingecko_new},
};

static gboolean
has_upstream (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (markets); i++)
    if (g_str_equal (markets[i].get_plan ()->name, name))
      return TRUE;
  return FALSE;
}

static gboolean
check_upstreams (GHashTable *upstreams, GError **error)
{
  GHashTableIter iter;
  gpointer name = NULL;

  if (upstreams == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, upstreams);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!has_upstream (name))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     /* TRANSLATORS: an option of the command line; its name stays as it is */
                     _ ("--upstream: there is no upstream “%s”"), (const char *) name);
        return FALSE;
      }
  return TRUE;
}

static void
market_free (gpointer data)
{
  QuotesMarket *self = data;

  g_object_unref (self->provider);
  g_object_unref (self->breaker);
  g_free (self);
}

static void
add_provider (GPtrArray *built,
              QuotesPoller *poller,
              QuotesClock *clock,
              QuotesProvider *provider,
              gboolean is_public)
{
  const QuotesProviderInfo *info = quotes_provider_get_info (provider);
  QuotesMarket *market = g_new0 (QuotesMarket, 1);

  market->provider = g_object_ref (provider);
  market->breaker =
    quotes_breaker_new (clock, info->backoff_base_us, info->backoff_cap_us, g_rand_new ());
  market->is_public = is_public;
  g_ptr_array_add (built, market);
  quotes_poller_add_provider (poller, provider, market->breaker);
  quotes_poller_set_public (poller, provider, is_public);
}

static void
add_markets (GPtrArray *built,
             QuotesPoller *poller,
             QuotesClock *clock,
             GHashTable *upstreams,
             const char *contact)
{
  g_autoptr (QuotesHttp) http = quotes_http_new (clock, contact);

  for (gsize i = 0; i < G_N_ELEMENTS (markets); i++)
    {
      const QuotesUpstreamPlan *plan = markets[i].get_plan ();
      const char *base_url = upstreams != NULL ? g_hash_table_lookup (upstreams, plan->name) : NULL;
      g_autoptr (QuotesUpstream) upstream = quotes_upstream_new (http, clock, plan, base_url);
      g_autoptr (QuotesProvider) provider = markets[i].create (upstream, clock);

      add_provider (built, poller, clock, provider, quotes_upstream_is_public (upstream));
    }
  /* After a sleep connections look open and are not. */
  g_signal_connect_object (poller, "woken", G_CALLBACK (quotes_http_drop_connections), http,
                           G_CONNECT_SWAPPED);
}

/**
 * quotes_providers_build:
 * @poller: who will ask them
 * @clock: the clock
 * @upstreams: (nullable) (element-type utf8 utf8): base URL by name: what stands in for the public
 *   hosts
 * @contact: (nullable): how the hosts' owners find the user
 * @demo: only made-up prices
 * @error: return location for a #GOptionError: an upstream that does not exist
 *
 * Builds the providers that there are, and gives them to the poller.
 *
 * Returns: (transfer full) (nullable) (element-type QuotesMarket): all of them
 */
GPtrArray *
quotes_providers_build (QuotesPoller *poller,
                        QuotesClock *clock,
                        GHashTable *upstreams,
                        const char *contact,
                        gboolean demo,
                        GError **error)
{
  GPtrArray *built = NULL;

  if (!check_upstreams (upstreams, error))
    return NULL;
  built = g_ptr_array_new_with_free_func (market_free);

  if (demo)
    {
      g_autoptr (QuotesProvider) provider = quotes_demo_new (clock, DEMO_SEED);

      add_provider (built, poller, clock, provider, FALSE);
    }
  else
    {
      add_markets (built, poller, clock, upstreams, contact);
    }
  return built;
}
