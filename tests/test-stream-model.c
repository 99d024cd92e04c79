/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

#include <string.h>

#include "quotes-sse-parser.h"
#include "wait.h"

/* Promise R4: twenty clients that come, go, read little and come back, against a publisher that
 * floods and starts anew; each has to have exactly what was published, or to be told what not. */
#define N_CLIENTS 20
#define N_STEPS 2000
#define SEED 4

/* What was published under one number. */
typedef struct
{
  guint topics;
  char *type;   /* (owned) */
  char *data;   /* (owned) */
  char *symbol; /* (owned) (nullable): of an update */
} Published;

typedef struct
{
  const char *query;
  guint topics;
  const char *symbol; /* (nullable) */
} Wish;

static const Wish wishes[] = {
  {"", QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST | QUOTES_TOPIC_STATUS, NULL},
  {"mode=snapshot", QUOTES_TOPIC_SNAPSHOTS | QUOTES_TOPIC_STATUS, NULL},
  {"symbols=XAU", QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST | QUOTES_TOPIC_STATUS, "XAU"},
  {"*topics=quotes", QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST, NULL},
};

typedef struct
{
  const Wish *wish;
  StreamClient *stream; /* (owned) (nullable) */
  guint n_checked;      /* events of this connection */
  char *last_id;        /* (owned): of all connections */
  guint32 run;          /* of the last id */
  guint64 next;         /* the number that is looked for next */
  gboolean may_jump;    /* it is new, or a gap was announced */
  gboolean may_repeat;  /* a snapshot came just now; a status may come that is older */
} Client;

typedef struct
{
  StreamFixture base;
  guint32 run;
  GHashTable *runs;     /* (owned) (element-type guint GPtrArray): what was published in each */
  GPtrArray *published; /* (unowned) (element-type Published): in this run; [0] is number 1 */
  Client clients[N_CLIENTS];
  GRand *rand; /* (owned) */
  guint n_gaps;
  guint n_resumed;
  guint n_events;
} Model;

static void
published_free (gpointer data)
{
  Published *self = data;

  g_free (self->type);
  g_free (self->data);
  g_free (self->symbol);
  g_free (self);
}

static void
note_published_cb (const QuotesSseEvent *event, gpointer user_data)
{
  Published *published = user_data;

  published->type = g_strdup (event->type);
  published->data = g_strndup (event->data, event->size);
}

static void
log_appended_cb (Model *model)
{
  QuotesEventLog *log = model->base.log;

  for (guint64 seq = model->published->len + 1; seq < quotes_event_log_get_head (log); seq++)
    {
      const QuotesEventFrame *frame = quotes_event_log_get_frame (log, seq);
      GBytes *bytes = quotes_event_log_get_bytes (log, seq, QUOTES_FLAVOR_PLAIN);
      Published *published = g_new0 (Published, 1);
      g_autoptr (QuotesSseParser) parser =
        quotes_sse_parser_new (1 << 20, note_published_cb, published);

      published->topics = frame->topics;
      published->symbol = frame->quote != NULL ? g_strdup (frame->quote->symbol) : NULL;
      quotes_sse_parser_push (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_ptr_array_add (model->published, published);
    }
}

static void
begin_run (Model *model)
{
  const QuotesStreamLimits limits = {200, 0, 0};

  model->run++;
  stream_fixture_restart (&model->base, model->run, &limits);
  model->published = g_ptr_array_new_with_free_func (published_free);
  g_hash_table_insert (model->runs, GUINT_TO_POINTER (model->run), model->published);
  g_signal_connect_swapped (model->base.log, "appended", G_CALLBACK (log_appended_cb), model);
}

static void
set_up (Model *model, gconstpointer user_data)
{
  stream_fixture_set_up (&model->base, user_data);
  model->rand = g_rand_new_with_seed (SEED);
  model->runs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  begin_run (model);
  model->base.send_buffer = 16 * 1024;
  stream_fixture_publish (&model->base, "BTC ETH XAU");
  for (guint i = 0; i < N_CLIENTS; i++)
    model->clients[i].wish = &wishes[i % G_N_ELEMENTS (wishes)];
}

static void
tear_down (Model *model, gconstpointer user_data)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_clear_pointer (&model->clients[i].stream, stream_client_free);
      g_free (model->clients[i].last_id);
    }
  stream_fixture_tear_down (&model->base, user_data);
  g_hash_table_unref (model->runs);
  g_rand_free (model->rand);
}

static const Published *
get_published (Model *model, guint32 run, guint64 seq)
{
  GPtrArray *published = g_hash_table_lookup (model->runs, GUINT_TO_POINTER (run));

  g_assert_nonnull (published);
  return seq >= 1 && seq <= published->len ? g_ptr_array_index (published, seq - 1) : NULL;
}

static gboolean
wants (const Client *client, const Published *published)
{
  /* Not g_assert_nonnull(), which may return. */
  g_assert (published != NULL);
  if (!(client->wish->topics & published->topics))
    return FALSE;
  return client->wish->symbol == NULL || published->symbol == NULL ||
         g_str_equal (client->wish->symbol, published->symbol);
}

/* The newest frame of @topic up to the one before @client's next. */
static const Published *
find_newest (Model *model, const Client *client, guint topic)
{
  for (guint64 seq = client->next - 1; seq > 0; seq--)
    {
      const Published *published = get_published (model, client->run, seq);

      g_assert (published != NULL);
      if (published->topics & topic)
        return published;
    }
  return NULL;
}

static void
assert_data (const Client *client, const StreamEvent *event, const Published *published)
{
  g_assert_nonnull (published);
  if (client->wish->symbol != NULL && strstr (event->type, "snapshot") != NULL)
    {
      g_assert_null (strstr (event->data, "BTC"));
      g_assert_null (strstr (event->data, "ETH"));
      return;
    }
  g_assert_cmpstr (event->data, ==, published->data);
}

/* Nothing that @client wants lies before @seq. */
static void
skip_to (Model *model, Client *client, guint64 seq)
{
  g_assert_cmpuint (client->next, <=, seq);
  for (; client->next < seq; client->next++)
    g_assert_false (wants (client, get_published (model, client->run, client->next)));
}

static void
check_gap (Model *model, Client *client, const StreamEvent *event)
{
  const char *from = strstr (event->data, "\"from\":");

  model->n_gaps++;
  g_assert_false (client->may_jump);
  if (from != NULL)
    skip_to (model, client, g_ascii_strtoull (from + 7, NULL, 10));
  else
    g_assert_cmphex (client->run, !=, model->run);
  client->may_jump = TRUE;
}

static guint64
read_id (Client *client, const char *id)
{
  client->run = (guint32) g_ascii_strtoull (id, NULL, 16);
  return g_ascii_strtoull (id + 9, NULL, 10);
}

static void
check_jump (Model *model, Client *client, const StreamEvent *event)
{
  guint64 seq = read_id (client, event->id);
  const Published *newest = NULL;

  client->may_jump = FALSE;
  client->may_repeat = TRUE;
  client->next = seq + 1;
  newest = find_newest (model, client, QUOTES_TOPIC_SNAPSHOTS);
  /* Before the first version of a run it is the last one of the run before. */
  if (newest != NULL)
    assert_data (client, event, newest);
}

static void
check_event (Model *model, Client *client, const StreamEvent *event)
{
  const Published *published = NULL;
  guint64 seq = 0;

  model->n_events++;
  if (g_str_equal (event->type, "gap"))
    {
      check_gap (model, client, event);
      return;
    }
  if (client->may_jump)
    {
      check_jump (model, client, event);
      return;
    }

  seq = read_id (client, event->id);
  if (g_str_equal (event->type, "status") && seq + 1 == client->next)
    {
      g_assert_true (client->may_repeat);
      client->may_repeat = FALSE;
      assert_data (client, event, find_newest (model, client, QUOTES_TOPIC_STATUS));
      return;
    }
  client->may_repeat = FALSE;
  skip_to (model, client, seq);
  published = get_published (model, client->run, seq);
  g_assert_true (wants (client, published));
  g_assert_true (g_str_has_suffix (event->type, published->type));
  assert_data (client, event, published);
  client->next = seq + 1;
}

static void
check_client (Model *model, Client *client)
{
  guint n = stream_client_get_n_known (client->stream);

  for (; client->n_checked < n; client->n_checked++)
    check_event (model, client, stream_client_get_event (client->stream, client->n_checked));
}

static void
disconnect (Model *model, Client *client)
{
  check_client (model, client);
  g_free (client->last_id);
  client->last_id = g_strdup (stream_client_get_last_id (client->stream));
  g_clear_pointer (&client->stream, stream_client_free);
  wait_settle ();
}

/* A keepalive or the first line of a stream may have moved its id on. */
static void
connect_client (Model *model, Client *client)
{
  gboolean is_new = client->last_id == NULL || *client->last_id == '\0';

  client->may_jump = is_new;
  client->n_checked = 0;
  if (!is_new)
    {
      skip_to (model, client, read_id (client, client->last_id) + 1);
      model->n_resumed++;
    }
  client->stream = stream_fixture_open (&model->base, client->wish->query, client->last_id);
}

static void
publish (Model *model)
{
  static const char *const lists[] = {"BTC", "ETH", "XAU", "BTC ETH", "BTC ETH XAU"};

  stream_fixture_publish (&model->base,
                          lists[g_rand_int_range (model->rand, 0, (gint32) G_N_ELEMENTS (lists))]);
}

static void
publish_status (Model *model, guint size)
{
  g_autofree char *padding = g_strnfill (size, 'x');
  g_autofree char *json =
    g_strdup_printf ("{\"n\":%u,\"p\":\"%s\"}", model->published->len, padding);

  quotes_event_log_append_status (model->base.log, json);
}

static void
flood (Model *model)
{
  for (guint i = 0; i < 150; i++)
    publish_status (model, 20000);
}

static void
step_client (Model *model, Client *client)
{
  if (client->stream == NULL)
    {
      connect_client (model, client);
      return;
    }
  stream_client_read_some (client->stream, (gsize) g_rand_int_range (model->rand, 1, 60000));
  if (stream_client_has_ended (client->stream) || g_rand_int_range (model->rand, 0, 5) == 0)
    disconnect (model, client);
}

static void
step (Model *model)
{
  gint32 dice = g_rand_int_range (model->rand, 0, 1000);

  if (dice < 300)
    publish (model);
  else if (dice < 400)
    publish_status (model, (guint) g_rand_int_range (model->rand, 0, 3000));
  else if (dice < 405)
    flood (model);
  else if (dice < 408)
    begin_run (model);
  else if (dice < 450)
    fake_clock_advance_us (model->base.clock, 2 * G_USEC_PER_SEC);
  else
    step_client (model, &model->clients[g_rand_int_range (model->rand, 0, N_CLIENTS)]);
  if (dice % 2 == 0)
    wait_settle ();
}

/* Whether @client has all that there is. */
static gboolean
has_all (Model *model, Client *client)
{
  stream_client_read (client->stream);
  check_client (model, client);
  if (client->may_jump || client->run != model->run)
    return FALSE;
  for (guint64 seq = client->next; seq <= model->published->len; seq++)
    if (wants (client, get_published (model, model->run, seq)))
      return FALSE;
  return TRUE;
}

static void
test_nothing_is_lost_in_silence (Model *model, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < N_STEPS; i++)
    step (model);

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      Client *client = &model->clients[i];

      if (client->stream != NULL)
        disconnect (model, client);
      connect_client (model, client);
    }
  publish (model);
  for (guint i = 0; i < N_CLIENTS; i++)
    wait_until (has_all (model, &model->clients[i]), 10);

  g_test_message ("PROMISE R4 events=%u resumed=%u gaps=%u", model->n_events, model->n_resumed,
                  model->n_gaps);
  g_assert_cmpuint (model->n_events, >, 10000);
  g_assert_cmpuint (model->n_resumed, >, 100);
  g_assert_cmpuint (model->n_gaps, >, 20);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/event-stream/nothing-is-lost-in-silence", Model, NULL, set_up,
              test_nothing_is_lost_in_silence, tear_down);

  return g_test_run ();
}
