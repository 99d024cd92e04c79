/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-quote.h"

G_DEFINE_BOXED_TYPE (QuotesQuote, quotes_quote, quotes_quote_ref, quotes_quote_unref)

const char *
quotes_change_basis_to_string (QuotesChangeBasis basis)
{
  static const char *const words[] = {NULL, "previous-close", "rolling-24h"};

  g_return_val_if_fail ((gsize) basis < G_N_ELEMENTS (words), NULL);

  return words[basis];
}

const char *
quotes_market_state_to_string (QuotesMarketState state)
{
  static const char *const words[] = {"unknown", "pre", "regular", "post", "closed", "always"};

  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (words), NULL);

  return words[state];
}

const char *
quotes_stale_reason_to_string (QuotesStaleReason reason)
{
  static const char *const words[] = {
    NULL, "old", "provider-error", "rate-limited", "offline", "stored", "unknown-symbol",
  };

  g_return_val_if_fail ((gsize) reason < G_N_ELEMENTS (words), NULL);

  return words[reason];
}

/* Where the texts of a quote stand: what is copied, released and compared alike. */
static const gsize texts[] = {
  G_STRUCT_OFFSET (QuotesQuote, symbol),     G_STRUCT_OFFSET (QuotesQuote, name),
  G_STRUCT_OFFSET (QuotesQuote, currency),   G_STRUCT_OFFSET (QuotesQuote, source),
  G_STRUCT_OFFSET (QuotesQuote, instrument), G_STRUCT_OFFSET (QuotesQuote, provider_symbol),
  G_STRUCT_OFFSET (QuotesQuote, exchange),   G_STRUCT_OFFSET (QuotesQuote, exchange_timezone),
  G_STRUCT_OFFSET (QuotesQuote, quoted_as),  G_STRUCT_OFFSET (QuotesQuote, contract),
};

/* The numbers that make one quote different news from another. */
static const gsize numbers[] = {
  G_STRUCT_OFFSET (QuotesQuote, price),      G_STRUCT_OFFSET (QuotesQuote, change),
  G_STRUCT_OFFSET (QuotesQuote, change_pct), G_STRUCT_OFFSET (QuotesQuote, previous_close),
  G_STRUCT_OFFSET (QuotesQuote, open),       G_STRUCT_OFFSET (QuotesQuote, high),
  G_STRUCT_OFFSET (QuotesQuote, low),        G_STRUCT_OFFSET (QuotesQuote, volume),
};

/**
 * quotes_quote_new:
 * @fields: a filled struct, begun with %QUOTES_QUOTE_INIT; texts are copied
 *
 * Returns: (transfer full): a new quote
 */
QuotesQuote *
quotes_quote_new (const QuotesQuote *fields)
{
  QuotesQuote *self = NULL;

  g_return_val_if_fail (fields->symbol != NULL && fields->instrument != NULL, NULL);
  g_return_val_if_fail (fields->provider_symbol != NULL && fields->name != NULL, NULL);
  g_return_val_if_fail (fields->currency != NULL && fields->source != NULL, NULL);
  g_return_val_if_fail (isfinite (fields->price), NULL);

  self = g_atomic_rc_box_new (QuotesQuote);
  *self = *fields;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char **text = (const char **) G_STRUCT_MEMBER_P (self, texts[i]);

      /* Counted, not g_intern_string(): what a peer sends must not stay for ever. */
      if (*text != NULL)
        *text = g_ref_string_new_intern (*text);
    }

  return self;
}

QuotesQuote *
quotes_quote_ref (QuotesQuote *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *text = G_STRUCT_MEMBER (char *, data, texts[i]);

      if (text != NULL)
        g_ref_string_release (text);
    }
}

void
quotes_quote_unref (QuotesQuote *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static gboolean
is_same_number (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/**
 * quotes_quote_is_same_news:
 *
 * Two quotes are the same news when they differ in times only: an unchanged price that was fetched
 * again makes no event.
 */
gboolean
quotes_quote_is_same_news (const QuotesQuote *a, const QuotesQuote *b)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!is_same_number (G_STRUCT_MEMBER (double, a, numbers[i]),
                         G_STRUCT_MEMBER (double, b, numbers[i])))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (G_STRUCT_MEMBER (char *, a, texts[i]), G_STRUCT_MEMBER (char *, b, texts[i])))
      return FALSE;

  return a->asset_class == b->asset_class && a->is_delayed == b->is_delayed &&
         a->delay_minutes == b->delay_minutes && a->change_basis == b->change_basis &&
         a->market_state == b->market_state && a->decimals == b->decimals &&
         a->stale_reason == b->stale_reason;
}

/**
 * quotes_quote_with_stale_reason:
 *
 * Returns: (transfer full): @self again, or a copy that has @reason
 */
QuotesQuote *
quotes_quote_with_stale_reason (QuotesQuote *self, QuotesStaleReason reason)
{
  QuotesQuote fields = *self;

  if (self->stale_reason == reason)
    return quotes_quote_ref (self);

  fields.stale_reason = reason;
  return quotes_quote_new (&fields);
}
