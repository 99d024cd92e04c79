/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-parse.h"

#include <math.h>

#include "quotes-answer.h"
#include "quotes-json.h"
#include "quotes-yahoo-quote.h"

#define CODE_NOT_FOUND "Not Found"

/* An error that came with HTTP 200 all the same; the words are those of the statuses. */
static const struct
{
  const char *code;
  QuotesProviderError error;
} error_codes[] = {
  {"Forbidden", QUOTES_PROVIDER_ERROR_BLOCKED},
  {"Too Many Requests", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
  {"Unauthorized", QUOTES_PROVIDER_ERROR_AUTH},
};

/* Every API wraps its answers in a member of its own name, and some errors in `finance`. */
static JsonObject *
find_error (JsonNode *root)
{
  static const char *const envelopes[] = {"chart", "finance", "quoteResponse", "spark"};
  JsonObject *object = quotes_json_get_object (root);
  JsonObject *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (envelopes) && found == NULL; i++)
    found =
      quotes_json_object_get_object (quotes_json_object_get_object (object, envelopes[i]), "error");
  return found;
}

static void
set_error (GError **error, const QuotesHttpAnswer *answer, QuotesProviderError code)
{
  quotes_answer_set_error (error, code, QUOTES_YAHOO_LABEL, answer->status);
}

/* Takes what stands in the answer for more than its status, except for a refusal by the status. */
static gboolean
check_error (const QuotesHttpAnswer *answer, JsonNode *root, GError **error)
{
  JsonObject *object = find_error (root);
  const char *code = quotes_json_object_get_string (object, "code");
  const char *description = quotes_json_object_get_string (object, "description");

  if (!quotes_answer_check_status (answer, QUOTES_YAHOO_LABEL, error))
    return FALSE;
  if (object == NULL)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (error_codes); i++)
    if (g_strcmp0 (code, error_codes[i].code) == 0)
      {
        set_error (error, answer, error_codes[i].error);
        return FALSE;
      }
  set_error (error, answer,
             description != NULL && quotes_answer_says_too_many (description)
               ? QUOTES_PROVIDER_ERROR_RATE_LIMITED
               : QUOTES_PROVIDER_ERROR_HTTP);
  return FALSE;
}

/* `{"chart":{"result":null,"error":{"code":"Not Found",...}}}`, mostly with HTTP 404: it knows
 * nothing of the symbols. The same in `finance` means that there is no such API. */
static gboolean
is_not_found (const QuotesHttpAnswer *answer, JsonNode *root, const char *envelope)
{
  JsonObject *object = quotes_json_object_get_object (quotes_json_get_object (root), envelope);
  JsonObject *error = quotes_json_object_get_object (object, "error");

  return (answer->status == 200 || answer->status == 404) &&
         g_strcmp0 (quotes_json_object_get_string (error, "code"), CODE_NOT_FOUND) == 0;
}

/* Returns: (transfer full): the root, or %NULL with @error. */
static JsonNode *
open_envelope (const QuotesHttpAnswer *answer, gboolean *not_found, GError **error)
{
  g_autoptr (JsonNode) root = quotes_answer_parse (answer, QUOTES_YAHOO_LABEL, error);

  if (root == NULL)
    return NULL;
  *not_found = is_not_found (answer, root, "chart") || is_not_found (answer, root, "spark");
  if (!*not_found && !check_error (answer, root, error))
    return NULL;
  return g_steal_pointer (&root);
}

static JsonArray *
get_results (JsonNode *root, const char *envelope)
{
  return quotes_json_object_get_array (
    quotes_json_object_get_object (quotes_json_get_object (root), envelope), "result");
}

/* One symbol of a spark: its name stands outside, all else in the first response. */
static void
read_spark_result (GHashTable *metas, JsonObject *result, gint64 now_us)
{
  JsonArray *responses = quotes_json_object_get_array (result, "response");
  JsonObject *response = responses != NULL && json_array_get_length (responses) > 0
                           ? quotes_json_get_object (json_array_get_element (responses, 0))
                           : NULL;
  const char *name = quotes_json_object_get_string (result, "symbol");
  QuotesYahooMeta *meta = NULL;

  if (name == NULL)
    name =
      quotes_json_object_get_string (quotes_json_object_get_object (response, "meta"), "symbol");
  if (name == NULL)
    return;

  meta = quotes_yahoo_meta_read (response, now_us);
  if (meta == NULL)
    {
      /* It knows the symbol, but nothing of it. */
      meta = g_new0 (QuotesYahooMeta, 1);
      meta->price = NAN;
    }
  g_hash_table_replace (metas, g_strdup (name), meta);
}

/**
 * quotes_yahoo_read_spark:
 * @answer: of `/v7/finance/spark`
 * @now_us: the real time
 * @error: return location for a #QuotesProviderError
 *
 * Returns: (transfer full) (nullable) (element-type utf8 QuotesYahooMeta): by Yahoo's name; symbols
 *   that it does not know are left out
 */
GHashTable *
quotes_yahoo_read_spark (const QuotesHttpAnswer *answer, gint64 now_us, GError **error)
{
  g_autoptr (GHashTable) metas = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        (GDestroyNotify) quotes_yahoo_meta_free);
  gboolean not_found = FALSE;
  g_autoptr (JsonNode) root = open_envelope (answer, &not_found, error);
  JsonArray *results = NULL;

  if (root == NULL)
    return NULL;
  results = get_results (root, "spark");
  if (results == NULL && !not_found)
    {
      set_error (error, answer, QUOTES_PROVIDER_ERROR_BAD_DATA);
      return NULL;
    }

  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    read_spark_result (metas, quotes_json_get_object (json_array_get_element (results, i)), now_us);
  return g_steal_pointer (&metas);
}

/* The result that is of @name; one that does not say of whom it is answers what was asked. */
static JsonObject *
find_chart_result (JsonArray *results, const char *name)
{
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = quotes_json_get_object (json_array_get_element (results, i));
      JsonObject *meta = quotes_json_object_get_object (result, "meta");
      const char *symbol = quotes_json_object_get_string (meta, "symbol");

      if (meta != NULL && (symbol == NULL || g_str_equal (symbol, name)))
        return result;
    }
  return NULL;
}

/**
 * quotes_yahoo_open_chart:
 * @answer: of `/v8/finance/chart`
 * @name: what was asked for
 * @result: (out) (nullable): what it says of @name; %NULL when it does not know it
 * @error: return location for a #QuotesProviderError
 *
 * Returns: (transfer full): the root, in which @result lives; %NULL with @error
 */
JsonNode *
quotes_yahoo_open_chart (const QuotesHttpAnswer *answer,
                         const char *name,
                         JsonObject **result,
                         GError **error)
{
  gboolean not_found = FALSE;
  g_autoptr (JsonNode) root = open_envelope (answer, &not_found, error);
  JsonArray *results = NULL;

  *result = NULL;
  if (root == NULL || not_found)
    return g_steal_pointer (&root);
  results = get_results (root, "chart");
  if (results == NULL)
    {
      set_error (error, answer, QUOTES_PROVIDER_ERROR_BAD_DATA);
      return NULL;
    }

  *result = find_chart_result (results, name);
  return g_steal_pointer (&root);
}

/**
 * quotes_yahoo_read_chart:
 * @answer: of `/v8/finance/chart`
 * @name: what was asked for
 * @now_us: the real time
 * @error: return location for a #QuotesProviderError
 *
 * Returns: (transfer full) (nullable): what it says of @name; %NULL without an error when it does
 * not know it
 */
QuotesYahooMeta *
quotes_yahoo_read_chart (const QuotesHttpAnswer *answer,
                         const char *name,
                         gint64 now_us,
                         GError **error)
{
  JsonObject *result = NULL;
  g_autoptr (JsonNode) root = quotes_yahoo_open_chart (answer, name, &result, error);

  return result != NULL ? quotes_yahoo_meta_read (result, now_us) : NULL;
}

/* Whether it is the spark that is no use, and not the host that refuses us: then charts may do. 401
 * may mean either; the first chart will show. A 403 that is JSON comes from the API itself, any
 * other from what stands in front of it. JSON that is no spark means that sparks have changed;
 * what is not even JSON was damaged on its way, and says nothing of the next one. */
gboolean
quotes_yahoo_is_refusal_of_spark (const QuotesHttpAnswer *answer, const GError *error)
{
  g_autoptr (JsonNode) root = NULL;

  if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_RATE_LIMITED))
    return FALSE;
  if (answer->status == 403 ||
      g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BAD_DATA))
    {
      root = quotes_answer_parse (answer, QUOTES_YAHOO_LABEL, NULL);
      return root != NULL;
    }
  return answer->status == 501 ||
         (answer->status >= 400 && answer->status < 500 && answer->status != 451);
}

/**
 * quotes_yahoo_build_spark_path:
 * @instruments: (element-type QuotesInstrument): what is asked for, from @first on, @n of them
 */
char *
quotes_yahoo_build_spark_path (GPtrArray *instruments, guint first, guint n)
{
  GString *path = g_string_new ("/v7/finance/spark?symbols=");

  for (guint i = 0; i < n; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, first + i);

      if (i > 0)
        g_string_append_c (path, ',');
      /* `^` and `=` too: GUri leaves them as they are, and Yahoo wants them encoded. */
      g_string_append_uri_escaped (path, instrument->provider_symbol, NULL, FALSE);
    }
  g_string_append (path, "&range=1d&interval=5m");
  return g_string_free (path, FALSE);
}

static void
take_meta (QuotesBatch *batch,
           const QuotesYahooMeta *meta,
           const QuotesInstrument *instrument,
           gint64 now_us)
{
  QuotesSymbolError error = QUOTES_SYMBOL_ERROR_NOT_FOUND;
  QuotesQuote *quote =
    meta != NULL ? quotes_yahoo_quote_new (meta, NULL, instrument, now_us, &error) : NULL;

  if (quote != NULL)
    quotes_batch_take_quote (batch, quote);
  else
    quotes_batch_set_symbol_error (batch, instrument->symbol, error);
}

/**
 * quotes_yahoo_parse_spark:
 * @answer: of `/v7/finance/spark`
 * @instruments: (element-type QuotesInstrument): what was asked for
 * @now_us: the real time
 *
 * Returns: (transfer full): what it means for @instruments
 */
QuotesBatch *
quotes_yahoo_parse_spark (const QuotesHttpAnswer *answer, GPtrArray *instruments, gint64 now_us)
{
  QuotesBatch *batch = quotes_batch_new ();
  GError *error = NULL;
  g_autoptr (GHashTable) metas = quotes_yahoo_read_spark (answer, now_us, &error);

  if (metas == NULL)
    {
      quotes_batch_take_error (batch, error, answer->retry_after_us);
      return batch;
    }

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);

      take_meta (batch, g_hash_table_lookup (metas, instrument->provider_symbol), instrument,
                 now_us);
    }
  return batch;
}

/**
 * quotes_yahoo_parse_chart:
 * @answer: of `/v8/finance/chart`
 * @instrument: what was asked for
 * @now_us: the real time
 *
 * Returns: (transfer full): what it means for @instrument
 */
QuotesBatch *
quotes_yahoo_parse_chart (const QuotesHttpAnswer *answer,
                          const QuotesInstrument *instrument,
                          gint64 now_us)
{
  QuotesBatch *batch = quotes_batch_new ();
  GError *error = NULL;
  g_autoptr (QuotesYahooMeta) meta =
    quotes_yahoo_read_chart (answer, instrument->provider_symbol, now_us, &error);

  if (error != NULL)
    quotes_batch_take_error (batch, error, answer->retry_after_us);
  else
    take_meta (batch, meta, instrument, now_us);
  return batch;
}
