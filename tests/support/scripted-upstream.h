/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "scripted-visits.h"

G_BEGIN_DECLS

/**
 * ScriptedFault:
 * @SCRIPTED_HANG: takes the request and says nothing
 * @SCRIPTED_DRIP: an answer at one byte a second, without end
 * @SCRIPTED_RESET: resets the connection instead of answering
 * @SCRIPTED_CUT: closes in the middle of the body
 * @SCRIPTED_STALL: 2 MiB of a longer body, then nothing
 * @SCRIPTED_BOMB: 1 GiB of zeros, compressed once
 * @SCRIPTED_DOUBLE_BOMB: the same, compressed twice
 * @SCRIPTED_GARBAGE: something that is not HTTP
 */
typedef enum
{
  SCRIPTED_HANG,
  SCRIPTED_DRIP,
  SCRIPTED_RESET,
  SCRIPTED_CUT,
  SCRIPTED_STALL,
  SCRIPTED_BOMB,
  SCRIPTED_DOUBLE_BOMB,
  SCRIPTED_GARBAGE,
} ScriptedFault;

/* Returns: (transfer full): the body for one request */
typedef char *(*ScriptedFunc) (const char *target, gpointer user_data);

/* A host on loopback that does what the test says, per beginning of the target; the longest
 * beginning wins. It lives on the test's main context. */
typedef struct _ScriptedUpstream ScriptedUpstream;

ScriptedUpstream *scripted_upstream_new (void);
/* https, with a certificate that nobody trusts */
ScriptedUpstream *scripted_upstream_new_self_signed (void);
/* Ends every connection and waits until it is gone. */
void scripted_upstream_free (ScriptedUpstream *self);
/* Without a slash at its end. */
const char *scripted_upstream_get_url (ScriptedUpstream *self);

/* @headers: (nullable): whole lines, each with its CRLF; @length of @body: -1 = until NUL */
void scripted_upstream_answer (ScriptedUpstream *self,
                               const char *prefix,
                               guint status,
                               const char *headers,
                               const char *body,
                               gssize length);
void scripted_upstream_answer_with (ScriptedUpstream *self,
                                    const char *prefix,
                                    ScriptedFunc func,
                                    gpointer user_data);
void scripted_upstream_misbehave (ScriptedUpstream *self, const char *prefix, ScriptedFault fault);
/* What it was told to do. */
void scripted_upstream_forget (ScriptedUpstream *self);
/* The next byte to all who wait for one, at once. */
void scripted_upstream_drip (ScriptedUpstream *self);

/* (transfer none): every request that came */
ScriptedVisits *scripted_upstream_get_visits (ScriptedUpstream *self);
/* How many requests there were whose target begins with @prefix. */
guint scripted_upstream_count (ScriptedUpstream *self, const char *prefix);
guint scripted_upstream_get_n_connections (ScriptedUpstream *self);
guint scripted_upstream_get_n_open (ScriptedUpstream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedUpstream, scripted_upstream_free)

G_END_DECLS
