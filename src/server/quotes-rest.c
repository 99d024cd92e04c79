/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-rest.h"

#include "quotes-answer.h"
#include "quotes-json.h"
#include "quotes-problem.h"
#include "quotes-quote-json.h"
#include "quotes-request-head.h"

/* The one place where an error becomes an HTTP status. */
void
quotes_rest_answer_error (SoupServerMessage *message, QuotesError code)
{
  switch (code)
    {
    case QUOTES_ERROR_INVALID_INSTRUMENT:
      quotes_problem_set (message, SOUP_STATUS_UNPROCESSABLE_ENTITY, "invalid_instrument", 0);
      break;
    case QUOTES_ERROR_UNKNOWN_SYMBOL:
      quotes_problem_set (message, SOUP_STATUS_NOT_FOUND, "unknown_symbol", 0);
      break;
    case QUOTES_ERROR_NO_QUOTE:
      quotes_problem_set (message, SOUP_STATUS_NOT_FOUND, "no_quote", 0);
      break;
    case QUOTES_ERROR_LIST_FULL:
      quotes_problem_set (message, SOUP_STATUS_CONFLICT, "list_full", 0);
      break;
    case QUOTES_ERROR_NO_HISTORY:
      quotes_problem_set (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "no_history", 0);
      break;
    case QUOTES_ERROR_INVALID_ALERT:
      quotes_problem_set (message, SOUP_STATUS_UNPROCESSABLE_ENTITY, "invalid_alert", 0);
      break;
    case QUOTES_ERROR_UNKNOWN_ALERT:
      quotes_problem_set (message, SOUP_STATUS_NOT_FOUND, "unknown_alert", 0);
      break;
    case QUOTES_ERROR_LIMITS_EXCEEDED:
    case QUOTES_ERROR_INVALID_ARGUMENT:
    default:
      quotes_problem_set (message, SOUP_STATUS_BAD_REQUEST, "invalid_argument", 0);
      break;
    }
}

static const char *
get_json_problem (const GError *error)
{
  if (g_error_matches (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_DEPTH))
    return "json_depth";
  if (g_error_matches (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SIZE))
    return "json_size";
  return "json";
}

/* Returns: (transfer full) (nullable): the object that was sent; else @message is answered */
JsonNode *
quotes_rest_read_object (SoupServerMessage *message, JsonObject **object)
{
  g_autoptr (GBytes) body =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = quotes_json_parse (body, QUOTES_REQUEST_BODY_MAX, &error);

  *object = node != NULL ? quotes_json_get_object (node) : NULL;
  if (*object == NULL)
    {
      quotes_problem_set (message, SOUP_STATUS_BAD_REQUEST, get_json_problem (error), 0);
      return NULL;
    }
  return g_steal_pointer (&node);
}

void
quotes_rest_answer_quote (SoupServerMessage *message, guint status, const QuotesQuote *quote)
{
  GString *body = g_string_new (NULL);

  quotes_quote_append_json (quote, NULL, body);
  quotes_answer_take_json (message, status, body);
}

void
quotes_rest_get (QuotesHub *hub, SoupServerMessage *message, const char *symbol)
{
  const QuotesQuote *quote = quotes_hub_lookup (hub, symbol);

  if (quote != NULL)
    quotes_rest_answer_quote (message, SOUP_STATUS_OK, quote);
  else if (quotes_watchlist_lookup (quotes_hub_get_watchlist (hub), symbol) != NULL)
    quotes_rest_answer_error (message, QUOTES_ERROR_NO_QUOTE);
  else
    quotes_rest_answer_error (message, QUOTES_ERROR_UNKNOWN_SYMBOL);
}

void
quotes_rest_remove (QuotesHub *hub, SoupServerMessage *message, const char *symbol)
{
  g_autoptr (GError) error = NULL;
  GString *body = NULL;

  if (!quotes_watchlist_remove (quotes_hub_get_watchlist (hub), symbol, &error))
    {
      quotes_rest_answer_error (message, (QuotesError) error->code);
      return;
    }

  body = g_string_new ("{\"symbol\":");
  quotes_json_append_string (body, symbol);
  g_string_append_c (body, '}');
  quotes_answer_take_json (message, SOUP_STATUS_OK, body);
}

/* Returns: (transfer container) (nullable): the symbols of @array; else @message is answered */
static GPtrArray *
read_symbols (QuotesHub *hub, SoupServerMessage *message, JsonArray *array)
{
  g_autoptr (GPtrArray) symbols = g_ptr_array_new ();

  /* A longer one repeats itself. */
  if (json_array_get_length (array) > QUOTES_WATCHLIST_MAX)
    {
      quotes_rest_answer_error (message, QUOTES_ERROR_INVALID_ARGUMENT);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *symbol = quotes_json_array_get_string (array, i);

      if (symbol == NULL ||
          quotes_watchlist_lookup (quotes_hub_get_watchlist (hub), symbol) == NULL)
        {
          quotes_rest_answer_error (message, QUOTES_ERROR_UNKNOWN_SYMBOL);
          return NULL;
        }
      g_ptr_array_add (symbols, (gpointer) symbol);
    }
  g_ptr_array_add (symbols, NULL);

  return g_steal_pointer (&symbols);
}

/* `{"symbols":[...]}`: those; `{}` and an empty list: everything. */
void
quotes_rest_refresh (QuotesHub *hub, QuotesPoller *poller, SoupServerMessage *message)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node = quotes_rest_read_object (message, &object);
  JsonArray *array = NULL;
  g_autoptr (GPtrArray) symbols = NULL;

  if (node == NULL)
    return;
  array = quotes_json_object_get_array (object, "symbols");
  if (array != NULL)
    {
      symbols = read_symbols (hub, message, array);
      if (symbols == NULL)
        return;
    }
  else if (json_object_has_member (object, "symbols"))
    {
      quotes_rest_answer_error (message, QUOTES_ERROR_INVALID_ARGUMENT);
      return;
    }

  quotes_poller_refresh (poller, symbols != NULL ? (const char *const *) symbols->pdata : NULL);
  quotes_answer_take_json (message, SOUP_STATUS_ACCEPTED, g_string_new ("{}"));
}
