/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RawClient:
 *
 * The other end of a connection, byte by byte: no HTTP library between the test and the wire. It
 * iterates the default main context while it waits, so the server may live in the same thread.
 */
typedef struct _RawClient RawClient;

RawClient *raw_client_new (guint16 port);    /* to 127.0.0.1 */
RawClient *raw_client_new_v6 (guint16 port); /* to ::1 */
RawClient *raw_client_new_unix (const char *path);
void raw_client_free (RawClient *self);

int raw_client_get_fd (RawClient *self);
/* @size: -1 = a string. What the other end does not want any more is dropped silently. */
void raw_client_send (RawClient *self, const char *bytes, gssize size);
/* No more will be sent; the answer is still read. */
void raw_client_end (RawClient *self);
/* Reads what has come by now. Returns: whether the other end is still open */
gboolean raw_client_poll (RawClient *self);
/* Everything until the other end closes (transfer none); fails the test after 10 s. */
const char *raw_client_read_all (RawClient *self);
/* The same until @text has come. */
const char *raw_client_read_until (RawClient *self, const char *text);
const char *raw_client_get_received (RawClient *self);
gsize raw_client_get_n_received (RawClient *self);
gboolean raw_client_was_reset (RawClient *self);

/* Sends @request and reads everything (transfer full). */
char *raw_exchange (guint16 port, const char *request);
/* Of what came over the wire: how many answers, the status of the first (0 = none), whether a
 * header line (lower case name) is there, the `code` of the problem. */
guint raw_count_answers (const char *received);
guint raw_get_status (const char *received);
char *raw_dup_header (const char *received, const char *name);
char *raw_dup_code (const char *received);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawClient, raw_client_free)

G_END_DECLS
