/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-stream-clients.h"

struct _QuotesStreamClients
{
  GHashTable *clients; /* (owned) (element-type utf8 QuotesStreamClient): keys live in the values */
};

struct _QuotesStreamClient
{
  char *key; /* (owned) */
  guint n_streams;
  GHashTable *pages; /* (owned) (nullable) (element-type utf8 gpointer): the stream of each */
};

static void
client_free (gpointer data)
{
  QuotesStreamClient *self = data;

  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_free (self->key);
  g_free (self);
}

QuotesStreamClients *
quotes_stream_clients_new (void)
{
  QuotesStreamClients *self = g_new0 (QuotesStreamClients, 1);

  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, client_free);
  return self;
}

void
quotes_stream_clients_free (QuotesStreamClients *self)
{
  g_hash_table_unref (self->clients);
  g_free (self);
}

guint
quotes_stream_clients_count (QuotesStreamClients *self, const char *key)
{
  const QuotesStreamClient *client = g_hash_table_lookup (self->clients, key);

  return client != NULL ? client->n_streams : 0;
}

/**
 * quotes_stream_clients_lookup:
 * @self: the clients
 * @key: of one of them
 * @page: what it calls its page, or ""
 *
 * Returns: (transfer none) (nullable): the stream that the page has open
 */
gpointer
quotes_stream_clients_lookup (QuotesStreamClients *self, const char *key, const char *page)
{
  const QuotesStreamClient *client = g_hash_table_lookup (self->clients, key);

  if (client == NULL || client->pages == NULL || *page == '\0')
    return NULL;
  return g_hash_table_lookup (client->pages, page);
}

/**
 * quotes_stream_clients_join:
 * @self: the clients
 * @key: whose stream it is
 * @page: what it calls its page, or ""; that page has no stream open
 * @stream: (not nullable): what quotes_stream_clients_lookup() finds
 *
 * Returns: (transfer none): the client, until it has left as often
 */
QuotesStreamClient *
quotes_stream_clients_join (QuotesStreamClients *self,
                            const char *key,
                            const char *page,
                            gpointer stream)
{
  QuotesStreamClient *client = g_hash_table_lookup (self->clients, key);

  if (client == NULL)
    {
      client = g_new0 (QuotesStreamClient, 1);
      client->key = g_strdup (key);
      g_hash_table_insert (self->clients, client->key, client);
    }
  client->n_streams++;
  if (*page == '\0')
    return client;

  if (client->pages == NULL)
    client->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (client->pages, g_strdup (page), stream);
  return client;
}

/**
 * quotes_stream_clients_leave:
 * @self: the clients
 * @client: one that has joined
 * @page: (nullable): the page that it joined with
 */
void
quotes_stream_clients_leave (QuotesStreamClients *self,
                             QuotesStreamClient *client,
                             const char *page)
{
  if (page != NULL && client->pages != NULL)
    g_hash_table_remove (client->pages, page);
  if (--client->n_streams == 0)
    g_hash_table_remove (self->clients, client->key);
}
