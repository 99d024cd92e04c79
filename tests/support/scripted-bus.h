/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

/**
 * ScriptedBus:
 *
 * A bus on which a service has our name and answers whatever the test says, also what the real one
 * never would; and a client of it. Its functions are those of a fixture.
 */
typedef struct
{
  GTestDBus *bus;        /* (owned) */
  GDBusConnection *far;  /* (owned): the service's */
  GDBusConnection *near; /* (owned): the client's */
  QuotesClient *client;  /* (owned) */
  GMutex mutex;          /* the service answers in GDBus's own thread */
  GVariant *reply;       /* (owned) (nullable): of the next calls; %NULL = the error */
  char *error;           /* (owned) (nullable): the name of an error */
  char *called;          /* (owned) (nullable): interface, method and arguments of the last call */
} ScriptedBus;

void scripted_bus_set_up (ScriptedBus *self, gconstpointer user_data);
void scripted_bus_tear_down (ScriptedBus *self, gconstpointer user_data);
/* What it answers from now on; @reply is a tuple in the text format of GVariant. */
void scripted_bus_say (ScriptedBus *self, const char *reply);
void scripted_bus_take (ScriptedBus *self, GVariant *reply);
void scripted_bus_fail (ScriptedBus *self, const char *error);

G_END_DECLS
