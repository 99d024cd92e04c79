/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-rate-limit.h"

#include "quotes-token-bucket.h"

typedef struct
{
  char *key; /* (owned) */
  QuotesTokenBucket bucket;
  GList link; /* in the order of the last request */
} Client;

struct _QuotesRateLimit
{
  GHashTable *clients; /* (owned) (element-type utf8 Client) */
  GQueue order;        /* (element-type Client): the newest first */
  QuotesTokenBucket all;
  guint64 n_refused;
};

static void
client_free (gpointer data)
{
  Client *self = data;

  g_free (self->key);
  g_free (self);
}

QuotesRateLimit *
quotes_rate_limit_new (gint64 now_us)
{
  QuotesRateLimit *self = g_new0 (QuotesRateLimit, 1);

  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, client_free);
  g_queue_init (&self->order);
  quotes_token_bucket_init (&self->all, QUOTES_RATE_ALL_PER_SECOND, QUOTES_RATE_ALL_PER_SECOND,
                            now_us);
  return self;
}

void
quotes_rate_limit_free (QuotesRateLimit *self)
{
  g_hash_table_unref (self->clients);
  g_free (self);
}

static void
forget_oldest (QuotesRateLimit *self)
{
  GList *link = g_queue_peek_tail_link (&self->order);
  Client *client = link->data;

  g_queue_unlink (&self->order, link);
  g_hash_table_remove (self->clients, client->key);
}

static Client *
ensure_client (QuotesRateLimit *self, const char *key, gint64 now_us)
{
  Client *client = g_hash_table_lookup (self->clients, key);

  if (client != NULL)
    {
      g_queue_unlink (&self->order, &client->link);
    }
  else
    {
      if (g_hash_table_size (self->clients) >= QUOTES_RATE_MAX_KEYS)
        forget_oldest (self);
      client = g_new0 (Client, 1);
      client->key = g_strdup (key);
      client->link.data = client;
      quotes_token_bucket_init (&client->bucket, QUOTES_RATE_PER_SECOND, QUOTES_RATE_BURST, now_us);
      g_hash_table_insert (self->clients, client->key, client);
    }
  g_queue_push_head_link (&self->order, &client->link);

  return client;
}

/**
 * quotes_rate_limit_take:
 * @self: the limit
 * @key: who asks
 * @now_us: monotonic time
 *
 * Counts one request. One that is refused costs nothing, so that whoever waits as told gets in.
 *
 * Returns: 0 = let it pass, else the seconds to wait, at least 1
 */
guint
quotes_rate_limit_take (QuotesRateLimit *self, const char *key, gint64 now_us)
{
  Client *client = ensure_client (self, key, now_us);
  gint64 wait_us = MAX (quotes_token_bucket_get_wait_us (&client->bucket, now_us),
                        quotes_token_bucket_get_wait_us (&self->all, now_us));

  if (wait_us > 0)
    {
      self->n_refused++;
      return (guint) ((wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    }

  quotes_token_bucket_take (&client->bucket, now_us);
  quotes_token_bucket_take (&self->all, now_us);
  return 0;
}

guint
quotes_rate_limit_get_n_keys (const QuotesRateLimit *self)
{
  return g_hash_table_size (self->clients);
}

guint64
quotes_rate_limit_get_n_refused (const QuotesRateLimit *self)
{
  return self->n_refused;
}
