/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-clock.h"
#include "quotes-epoll.h"
#include "quotes-request-head.h"
#include "quotes-visitor.h"

G_BEGIN_DECLS

#define QUOTES_DOOR_ERROR (quotes_door_error_quark ())
GQuark quotes_door_error_quark (void);

/**
 * QuotesDoorError:
 * @QUOTES_DOOR_ERROR_TAKEN: another program listens there
 * @QUOTES_DOOR_ERROR_ADDRESS: not an address that we may listen on (only loopback is, rule B1)
 * @QUOTES_DOOR_ERROR_FAILED: the system refused for another reason
 */
typedef enum
{
  QUOTES_DOOR_ERROR_TAKEN,
  QUOTES_DOOR_ERROR_ADDRESS,
  QUOTES_DOOR_ERROR_FAILED,
} QuotesDoorError;

/**
 * QuotesDoorLimits:
 * @max_connections: in all, streams included; what is more gets 503 at accept
 * @head_deadline_us: from accept to the end of the request head, absolute
 * @body_deadline_us: from the end of the head to the end of the body, absolute
 * @answer_deadline_us: from the end of the body until the answer has been read
 */
typedef struct
{
  guint max_connections;
  gint64 head_deadline_us;
  gint64 body_deadline_us;
  gint64 answer_deadline_us;
} QuotesDoorLimits;

/* Contract 8; max_connections is filled by the caller. */
#define QUOTES_DOOR_LIMITS_INIT                                                                    \
  {                                                                                                \
    .head_deadline_us = 10 * G_USEC_PER_SEC, .body_deadline_us = 10 * G_USEC_PER_SEC,              \
    .answer_deadline_us = 30 * G_USEC_PER_SEC,                                                     \
  }

/* What the door counts, for /metrics and /status. */
typedef struct
{
  guint n_waiting; /* now: head not complete */
  guint n_held;    /* now: with libsoup */
  guint n_lingering;
  guint64 n_accepted;
  guint64 n_passed;
  guint64 n_refused;
  guint64 n_timed_out;
  guint64 n_full; /* 503 at accept, descriptor shortage included */
} QuotesDoorCounters;

/**
 * QuotesDoorClaimFunc:
 * @fd: a connected socket whose head is still unread
 * @head: what the judge found in it
 * @peer: who is at its other end
 *
 * Asked about each request that may enter, before libsoup is.
 *
 * Returns: whether it took @fd over; if so the door forgets it
 */
typedef gboolean (*QuotesDoorClaimFunc) (int fd,
                                         const QuotesRequestHead *head,
                                         const QuotesPeer *peer,
                                         gpointer user_data);

#define QUOTES_TYPE_DOOR (quotes_door_get_type ())
G_DECLARE_FINAL_TYPE (QuotesDoor, quotes_door, QUOTES, DOOR, GObject)

QuotesDoor *quotes_door_new (SoupServer *soup,
                             QuotesEpoll *epoll,
                             QuotesClock *clock,
                             const QuotesDoorLimits *limits);
void quotes_door_set_allowed_hosts (QuotesDoor *self, const char *const *allowed_hosts);
void quotes_door_set_claim (QuotesDoor *self, QuotesDoorClaimFunc claim, gpointer user_data);
gboolean quotes_door_listen_tcp (QuotesDoor *self,
                                 const char *address,
                                 guint16 port,
                                 GError **error);
gboolean quotes_door_listen_unix (QuotesDoor *self, const char *path, GError **error);
guint16 quotes_door_get_port (QuotesDoor *self);
/* Connections that live elsewhere now (streams) but count towards max_connections. */
void quotes_door_set_n_streams (QuotesDoor *self, guint n_streams);
void quotes_door_get_counters (QuotesDoor *self, QuotesDoorCounters *counters);
/* Accepts no more, and closes whoever has not asked yet; requests with libsoup go on. */
void quotes_door_close (QuotesDoor *self);

G_END_DECLS
