/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-adds.h"

#include "quotes-answer.h"
#include "quotes-json.h"
#include "quotes-rest.h"

/* One request that waits. */
typedef struct
{
  QuotesAdds *adds;
  SoupServerMessage *message;   /* (owned): paused */
  QuotesInstrument *instrument; /* (owned) */
  gulong finished_id;
  guint alarm_id;
} Waiting;

struct _QuotesAdds
{
  QuotesHub *hub;     /* (owned) */
  QuotesClock *clock; /* (owned) */
  GQueue waiting;     /* (element-type Waiting) (owned) */
};

/* Takes it out of the queue first: what unpausing does may come back here. */
static void
waiting_free (Waiting *self)
{
  guint alarm_id = self->alarm_id;

  g_queue_remove (&self->adds->waiting, self);
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->adds->clock, alarm_id);
  g_signal_handler_disconnect (self->message, self->finished_id);
  quotes_instrument_unref (self->instrument);
  g_object_unref (self->message);
  g_free (self);
}

static void
answer_pending (SoupServerMessage *message, const QuotesInstrument *instrument)
{
  GString *body = g_string_new ("{\"symbol\":");

  quotes_json_append_string (body, instrument->symbol);
  g_string_append (body, ",\"instrument\":");
  quotes_json_append_string (body, instrument->text);
  g_string_append_c (body, '}');
  quotes_answer_take_json (message, SOUP_STATUS_ACCEPTED, body);
}

/* With the price, if there is one. */
static void
answer (QuotesAdds *self,
        SoupServerMessage *message,
        const QuotesInstrument *instrument,
        guint status)
{
  const QuotesQuote *quote = quotes_hub_lookup (self->hub, instrument->symbol);

  if (quote != NULL)
    quotes_rest_answer_quote (message, status, quote);
  else
    answer_pending (message, instrument);
}

static void
finish (Waiting *waiting)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (waiting->message);

  answer (waiting->adds, message, waiting->instrument, SOUP_STATUS_CREATED);
  waiting_free (waiting);
  soup_server_message_unpause (message);
}

static void
wait_over_cb (gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->alarm_id = 0;
  finish (waiting);
}

/* The client is gone, or the server ends. */
static void
finished_cb (Waiting *waiting)
{
  waiting_free (waiting);
}

static void
hub_changed_cb (QuotesAdds *self)
{
  GList *next = NULL;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      Waiting *waiting = link->data;

      next = link->next;
      if (quotes_hub_lookup (self->hub, waiting->instrument->symbol) != NULL)
        finish (waiting);
    }
}

static void
wait_for_price (QuotesAdds *self, SoupServerMessage *message, QuotesInstrument *instrument)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->adds = self;
  waiting->message = g_object_ref (message);
  waiting->instrument = quotes_instrument_ref (instrument);
  waiting->finished_id =
    g_signal_connect_swapped (message, "finished", G_CALLBACK (finished_cb), waiting);
  waiting->alarm_id = quotes_clock_add_alarm (
    self->clock, quotes_clock_get_monotonic_us (self->clock) + QUOTES_ADDS_WAIT_US, wait_over_cb,
    waiting);
  g_queue_push_tail (&self->waiting, waiting);
  soup_server_message_pause (message);
}

QuotesAdds *
quotes_adds_new (QuotesHub *hub, QuotesClock *clock)
{
  QuotesAdds *self = g_new0 (QuotesAdds, 1);

  self->hub = g_object_ref (hub);
  self->clock = g_object_ref (clock);
  g_queue_init (&self->waiting);
  g_signal_connect_swapped (hub, "changed", G_CALLBACK (hub_changed_cb), self);

  return self;
}

/* Whoever still waits gets no answer: the connections are closed already. */
void
quotes_adds_free (QuotesAdds *self)
{
  while (!g_queue_is_empty (&self->waiting))
    waiting_free (g_queue_peek_head (&self->waiting));
  g_signal_handlers_disconnect_by_data (self->hub, self);
  g_object_unref (self->hub);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * quotes_adds_answer:
 * @self: the route
 * @message: `{"instrument":"PROVIDER:NAME"}`
 *
 * Answers at once or within %QUOTES_ADDS_WAIT_US.
 */
void
quotes_adds_answer (QuotesAdds *self, SoupServerMessage *message)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node = quotes_rest_read_object (message, &object);
  g_autoptr (GError) error = NULL;
  QuotesInstrument *instrument = NULL;
  const char *text = NULL;
  gboolean added = FALSE;

  if (node == NULL)
    return;
  text = quotes_json_object_get_string (object, "instrument");
  if (text == NULL)
    {
      quotes_rest_answer_error (message, QUOTES_ERROR_INVALID_INSTRUMENT);
      return;
    }

  instrument = quotes_watchlist_add (quotes_hub_get_watchlist (self->hub), text, &added, &error);
  if (instrument == NULL)
    quotes_rest_answer_error (message, (QuotesError) error->code);
  else if (added)
    wait_for_price (self, message, instrument);
  else
    answer (self, message, instrument, SOUP_STATUS_OK);
}
