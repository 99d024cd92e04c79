/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-client-status.h"

G_DEFINE_BOXED_TYPE (QuotesClientStatus,
                     quotes_client_status,
                     quotes_client_status_ref,
                     quotes_client_status_unref)

static void
provider_free (gpointer data)
{
  QuotesClientProvider *provider = data;

  g_free (provider->id);
  g_free (provider->label);
  g_free (provider->state);
  g_free (provider->reason);
  g_free (provider->message);
  g_free (provider->attribution);
  g_free (provider->interval_reason);
  g_free (provider);
}

static void
pending_free (gpointer data)
{
  QuotesClientPending *pending = data;

  g_free (pending->symbol);
  g_free (pending->instrument);
  g_free (pending->reason);
  g_free (pending);
}

/* Of which nothing is known yet; whoever makes it fills it before showing it to anybody. */
QuotesClientStatus *
quotes_client_status_new (const char *transport)
{
  QuotesClientStatus *self = g_atomic_rc_box_new0 (QuotesClientStatus);

  self->transport = g_strdup (transport);
  self->providers = g_ptr_array_new_with_free_func (provider_free);
  self->pending = g_ptr_array_new_with_free_func (pending_free);

  return self;
}

QuotesClientStatus *
quotes_client_status_ref (QuotesClientStatus *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  QuotesClientStatus *self = data;

  g_free (self->state);
  g_free (self->address);
  g_free (self->program_version);
  g_free (self->transport);
  g_free (self->storage);
  g_ptr_array_unref (self->providers);
  g_ptr_array_unref (self->pending);
}

void
quotes_client_status_unref (QuotesClientStatus *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* Returns: (transfer none): to be filled */
QuotesClientProvider *
quotes_client_status_add_provider (QuotesClientStatus *self, const char *id)
{
  QuotesClientProvider *provider = g_new0 (QuotesClientProvider, 1);

  provider->id = g_strdup (id);
  g_ptr_array_add (self->providers, provider);
  return provider;
}

/* Returns: (transfer none): to be filled */
QuotesClientPending *
quotes_client_status_add_pending (QuotesClientStatus *self, const char *symbol)
{
  QuotesClientPending *pending = g_new0 (QuotesClientPending, 1);

  pending->symbol = g_strdup (symbol);
  g_ptr_array_add (self->pending, pending);
  return pending;
}
