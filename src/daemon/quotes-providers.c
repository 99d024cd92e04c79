/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-providers.h"

#include <glib/gi18n.h>

#include "quotes-demo.h"

/* Any number; a fixed one makes two demonstrations alike. */
#define DEMO_SEED 18787

/* What `--upstream` can replace. */
static const char *const upstream_names[] = {"coingecko", "yahoo", NULL};

static gboolean
check_upstreams (GHashTable *upstreams, GError **error)
{
  GHashTableIter iter;
  gpointer name = NULL;

  if (upstreams == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, upstreams);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (upstream_names, name))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     /* TRANSLATORS: an option of the command line; its name stays as it is */
                     _ ("--upstream: there is no upstream “%s”"), (const char *) name);
        return FALSE;
      }
  return TRUE;
}

static void
add_provider (QuotesPoller *poller, QuotesClock *clock, QuotesProvider *provider)
{
  const QuotesProviderInfo *info = quotes_provider_get_info (provider);
  g_autoptr (QuotesBreaker) breaker =
    quotes_breaker_new (clock, info->backoff_base_us, info->backoff_cap_us, g_rand_new ());

  quotes_poller_add_provider (poller, provider, breaker);
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
 */
gboolean
quotes_providers_build (QuotesPoller *poller,
                        QuotesClock *clock,
                        GHashTable *upstreams,
                        G_GNUC_UNUSED const char *contact,
                        gboolean demo,
                        GError **error)
{
  if (!check_upstreams (upstreams, error))
    return FALSE;

  if (demo)
    {
      g_autoptr (QuotesProvider) provider = quotes_demo_new (clock, DEMO_SEED);

      add_provider (poller, clock, provider);
    }
  return TRUE;
}
