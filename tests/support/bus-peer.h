/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A program on the bus, as the service sees it: one connection, calls that wait in the main loop
 * (the service may live in the same process), and the signals that came. */
typedef struct
{
  GDBusConnection *connection; /* (owned) */
  GPtrArray *signals;          /* (owned) (element-type GVariant): of `QuotesChanged` */
  GVariantDict *properties;    /* (owned): the last value of each that changed */
  guint n_property_signals;
  GPtrArray *fired; /* (owned) (element-type GVariant): of `Alerts1.Fired` */
  guint n_alerts_changed;
} BusPeer;

/* Asks the bus something: it answers in order, so that what @connection sent before has been passed
 * on and what was sent to it before is there. The main loop does not run meanwhile. */
void bus_peer_round_trip (GDBusConnection *connection);
void bus_peer_connect (BusPeer *self, GTestDBus *bus);
/* Leaves the bus. */
void bus_peer_close (BusPeer *self);

/* Begins a call of ours; the answer goes to @callback. A @method of another interface than
 * `Quotes1` stands behind its name, as `Alerts1.List`. */
void bus_peer_send (BusPeer *self,
                    const char *method,
                    GVariant *arguments,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
/* Returns: (transfer full): the answer; fails the test on an error */
GVariant *bus_peer_call (BusPeer *self, const char *method, GVariant *arguments);
/* Asserts that the call fails with the error @name. */
void bus_peer_call_fails (BusPeer *self, const char *method, GVariant *arguments, const char *name);
/* Returns: (transfer full): all properties */
GVariant *bus_peer_get_properties (BusPeer *self);

G_END_DECLS
