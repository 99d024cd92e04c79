/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-client.h"

G_BEGIN_DECLS

/**
 * ScriptedService:
 *
 * A server that says what the test tells it to, and a client of it that keeps what it was told. Its
 * functions are those of a fixture.
 */
typedef struct
{
  SoupServer *server;        /* (owned): libsoup 3.2 leaks sockets when it listens itself */
  GSocketListener *listener; /* (owned) */
  GCancellable *cancellable; /* (owned): of accepting */
  QuotesClient *client;      /* (owned) */
  char *address;             /* (owned) */
  guint status;
  const char *type;
  char *body;       /* (owned): of the next answers */
  char *requested;  /* (owned) (nullable): method, path and body of the last request */
  char *query;      /* (owned) (nullable): of the last request, as it came */
  guint n_too_many; /* so many requests are still answered with 429 and Retry-After: 0 */

  SoupServerMessage *stream; /* (owned) (nullable): the stream that is open */
  char *last_event_id;       /* (owned) (nullable): of the last stream */
  guint n_streams;
  guint n_open;
  guint n_accepting;

  QuotesSnapshot *snapshot; /* (owned) (nullable): the last that was told */
  char *reason;             /* (owned) (nullable) */
  guint n_changed;
  guint n_lost;
  guint n_found;
} ScriptedService;

#define SCRIPTED_LIST_PATH "/api/v1/widgets/quotes"
#define SCRIPTED_STREAM_PATH "/api/v1/widgets/quotes/stream"

void scripted_service_set_up (ScriptedService *self, gconstpointer user_data);
void scripted_service_tear_down (ScriptedService *self, gconstpointer user_data);
/* What it answers from now on. */
void scripted_service_say (ScriptedService *self, guint status, const char *type, const char *body);
/* Listens at @address too. Returns: (transfer full): the address with its port */
GSocketAddress *scripted_service_listen_at (ScriptedService *self, GSocketAddress *address);
/* Replaces the client by one of @address. */
void scripted_service_set_client (ScriptedService *self, const char *address);
/* The stream that is open. */
void scripted_service_send (ScriptedService *self, const char *text);
void scripted_service_end_stream (ScriptedService *self);
/* Returns: (transfer full): a quote as the wire has it */
char *scripted_service_dup_item (const char *symbol, double price);

G_END_DECLS
