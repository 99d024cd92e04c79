/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-dbus-callers.h"

G_BEGIN_DECLS

/* Answers @invocation, which it takes over. */
typedef void (*QuotesDbusAnswerFunc) (gpointer user_data,
                                      GDBusMethodInvocation *invocation,
                                      GVariant *arguments);

#define QUOTES_TYPE_DBUS_CALLS (quotes_dbus_calls_get_type ())
G_DECLARE_FINAL_TYPE (QuotesDbusCalls, quotes_dbus_calls, QUOTES, DBUS_CALLS, GObject)

QuotesDbusCalls *quotes_dbus_calls_new (QuotesDbusCallers *callers);
void quotes_dbus_calls_push (QuotesDbusCalls *self,
                             GDBusMethodInvocation *invocation,
                             QuotesDbusAnswerFunc answer,
                             gpointer user_data);
void quotes_dbus_calls_refuse (QuotesDbusCalls *self, gpointer user_data);
const char *quotes_dbus_calls_get_sender (GDBusMethodInvocation *invocation);

G_END_DECLS
