/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-poller.h"

G_BEGIN_DECLS

/**
 * QuotesMarket:
 * @provider: (owned): who asks
 * @breaker: (owned): of its host
 * @is_public: whether that is the public one
 */
typedef struct
{
  QuotesProvider *provider;
  QuotesBreaker *breaker;
  gboolean is_public;
} QuotesMarket;

GPtrArray *quotes_providers_build (QuotesPoller *poller,
                                   QuotesClock *clock,
                                   GHashTable *upstreams,
                                   const char *contact,
                                   gboolean demo,
                                   GError **error);

G_END_DECLS
