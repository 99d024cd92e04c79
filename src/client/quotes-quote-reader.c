/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-quote-reader.h"

#include "quotes-json.h"

/* Finds the member of an enumeration whose word is @text; @fallback when none has it, as a newer
 * service may know more of them. */
#define FIND_WORD(type, to_string, last, fallback, text)                                           \
  static type find_##to_string (const char *text)                                                  \
  {                                                                                                \
    for (int i = 0; text != NULL && i <= (int) (last); i++)                                        \
      if (g_strcmp0 (to_string ((type) i), text) == 0)                                             \
        return (type) i;                                                                           \
    return fallback;                                                                               \
  }

FIND_WORD (QuotesChangeBasis,
           quotes_change_basis_to_string,
           QUOTES_CHANGE_BASIS_ROLLING_24H,
           QUOTES_CHANGE_BASIS_UNKNOWN,
           text)
FIND_WORD (QuotesMarketState,
           quotes_market_state_to_string,
           QUOTES_MARKET_STATE_ALWAYS,
           QUOTES_MARKET_STATE_UNKNOWN,
           text)
FIND_WORD (QuotesStaleReason,
           quotes_stale_reason_to_string,
           QUOTES_STALE_REASON_UNKNOWN_SYMBOL,
           QUOTES_STALE_REASON_NONE,
           text)

/* The texts of a quote, in a struct so that each is freed whatever is missing. */
typedef struct
{
  char *symbol;
  char *name;
  char *currency;
  char *source;
  char *instrument;
  char *provider_symbol;
  char *exchange;
  char *exchange_timezone;
  char *quoted_as;
} Texts;

static void
texts_clear (Texts *texts)
{
  g_free (texts->symbol);
  g_free (texts->name);
  g_free (texts->currency);
  g_free (texts->source);
  g_free (texts->instrument);
  g_free (texts->provider_symbol);
  g_free (texts->exchange);
  g_free (texts->exchange_timezone);
  g_free (texts->quoted_as);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Texts, texts_clear)

static void
read_texts (const QuotesMembers *members, Texts *texts)
{
  texts->symbol = quotes_members_dup_text (members, "symbol");
  texts->name = quotes_members_dup_text (members, "name");
  texts->currency = quotes_members_dup_text (members, "currency");
  texts->source = quotes_members_dup_text (members, "source");
  texts->instrument = quotes_members_dup_text (members, "instrument");
  texts->provider_symbol = quotes_members_dup_text (members, "provider_symbol");
  texts->exchange = quotes_members_dup_text (members, "exchange");
  texts->exchange_timezone = quotes_members_dup_text (members, "exchange_timezone");
  texts->quoted_as = quotes_members_dup_text (members, "quoted_as");
}

static void
read_numbers (const QuotesMembers *members, QuotesQuote *fields)
{
  gint64 decimals = quotes_members_get_int (members, "decimals", 2);

  fields->price = quotes_members_get_number (members, "price");
  fields->change = quotes_members_get_number (members, "change");
  fields->change_pct = quotes_members_get_number (members, "change_pct");
  fields->previous_close = quotes_members_get_number (members, "previous_close");
  fields->open = quotes_members_get_number (members, "open");
  fields->high = quotes_members_get_number (members, "high");
  fields->low = quotes_members_get_number (members, "low");
  fields->volume = quotes_members_get_number (members, "volume");
  fields->fetched_us = quotes_members_get_time_us (members, "ts_iso");
  fields->quote_time_us = quotes_members_get_time_us (members, "quote_time");
  fields->is_delayed = quotes_members_get_flag (members, "is_delayed");
  fields->delay_minutes =
    (int) CLAMP (quotes_members_get_int (members, "delay_minutes", 0), 0, G_MAXINT);
  fields->decimals = (int) CLAMP (decimals, 0, 12);
}

static void
read_words (const QuotesMembers *members, QuotesQuote *fields)
{
  g_autofree char *asset_class = quotes_members_dup_text (members, "asset_class");
  g_autofree char *change_basis = quotes_members_dup_text (members, "change_basis");
  g_autofree char *market_state = quotes_members_dup_text (members, "market_state");
  g_autofree char *stale_reason = quotes_members_dup_text (members, "stale_reason");

  fields->asset_class = quotes_asset_class_from_string (asset_class);
  fields->change_basis = find_quotes_change_basis_to_string (change_basis);
  fields->market_state = find_quotes_market_state_to_string (market_state);
  fields->stale_reason = find_quotes_stale_reason_to_string (stale_reason);
  /* Stale for a reason that is new to us. */
  if (fields->stale_reason == QUOTES_STALE_REASON_NONE &&
      quotes_members_get_flag (members, "stale"))
    fields->stale_reason = QUOTES_STALE_REASON_OLD;
}

/**
 * quotes_quote_read:
 * @members: a quote as it came
 *
 * Returns: (transfer full) (nullable): the quote; %NULL when it has no symbol or no price. What
 * else a quote cannot do without is made from these.
 */
QuotesQuote *
quotes_quote_read (const QuotesMembers *members)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;
  g_auto (Texts) texts = {0};

  read_texts (members, &texts);
  read_numbers (members, &fields);
  if (texts.symbol == NULL || *texts.symbol == '\0' || !isfinite (fields.price))
    return NULL;
  read_words (members, &fields);

  fields.symbol = texts.symbol;
  fields.name = texts.name != NULL ? texts.name : texts.symbol;
  fields.currency = texts.currency != NULL ? texts.currency : "";
  fields.source = texts.source != NULL ? texts.source : "";
  fields.instrument = texts.instrument != NULL ? texts.instrument : texts.symbol;
  fields.provider_symbol = texts.provider_symbol != NULL ? texts.provider_symbol : texts.symbol;
  fields.exchange = texts.exchange;
  fields.exchange_timezone = texts.exchange_timezone;
  fields.quoted_as = texts.quoted_as;

  return quotes_quote_new (&fields);
}

static GPtrArray *
new_quotes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
}

static void
append_quote (GPtrArray *quotes, const QuotesMembers *members)
{
  QuotesQuote *quote = quotes_quote_read (members);

  if (quote != NULL)
    g_ptr_array_add (quotes, quote);
}

/**
 * quotes_quotes_read_json:
 * @array: (nullable): items of the wire; those that are not quotes are left out
 *
 * Returns: (transfer full) (element-type QuotesQuote): the quotes in the same order
 */
GPtrArray *
quotes_quotes_read_json (JsonArray *array)
{
  GPtrArray *quotes = new_quotes ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const QuotesMembers members = {
        .object = quotes_json_get_object (json_array_get_element (array, i)),
      };

      if (members.object != NULL)
        append_quote (quotes, &members);
    }
  return quotes;
}

/**
 * quotes_quotes_read_variant:
 * @dictionaries: an `aa{sv}`; those that are not quotes are left out
 *
 * Returns: (transfer full) (element-type QuotesQuote): the quotes in the same order
 */
GPtrArray *
quotes_quotes_read_variant (GVariant *dictionaries)
{
  GPtrArray *quotes = new_quotes ();

  for (gsize i = 0; i < g_variant_n_children (dictionaries); i++)
    {
      g_autoptr (GVariant) dictionary = g_variant_get_child_value (dictionaries, i);
      const QuotesMembers members = {.dictionary = dictionary};

      append_quote (quotes, &members);
    }
  return quotes;
}

/* Adds the provider @id to @status. */
void
quotes_provider_read (QuotesClientStatus *status, const char *id, const QuotesMembers *members)
{
  QuotesClientProvider *provider = quotes_client_status_add_provider (status, id);

  provider->label = quotes_members_dup_text (members, "label");
  if (provider->label == NULL)
    provider->label = g_strdup (id);
  provider->state = quotes_members_dup_text (members, "state");
  if (provider->state == NULL)
    provider->state = g_strdup ("");
  provider->reason = quotes_members_dup_text (members, "reason");
  provider->message = quotes_members_dup_text (members, "message");
  provider->attribution = quotes_members_dup_text (members, "attribution");
  provider->last_ok_us = quotes_members_get_time_us (members, "last_ok");
  provider->next_try_us = quotes_members_get_time_us (members, "next_try");
  /* HTTP counts in milliseconds, the bus as all its times. */
  provider->interval_us = quotes_members_get_int (members, "interval_us", 0);
  if (provider->interval_us == 0)
    provider->interval_us =
      CLAMP (quotes_members_get_int (members, "interval_ms", 0), 0, G_MAXINT64 / 1000) * 1000;
  provider->interval_reason = quotes_members_dup_text (members, "interval_reason");
  provider->n_failures = (guint) quotes_members_get_int (members, "failures", 0);
  provider->n_instruments = (guint) quotes_members_get_int (members, "instruments", 0);
}

/* Adds an instrument without a price to @status. */
void
quotes_pending_read (QuotesClientStatus *status, const QuotesMembers *members)
{
  g_autofree char *symbol = quotes_members_dup_text (members, "symbol");
  QuotesClientPending *pending = NULL;

  if (symbol == NULL)
    return;

  pending = quotes_client_status_add_pending (status, symbol);
  pending->instrument = quotes_members_dup_text (members, "instrument");
  if (pending->instrument == NULL)
    pending->instrument = g_strdup (symbol);
  pending->reason = quotes_members_dup_text (members, "reason");
  pending->next_check_us = quotes_members_get_time_us (members, "next_check");
}
