/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * QuotesApplicationResult:
 * @QUOTES_APPLICATION_REGISTERED: the name is ours
 * @QUOTES_APPLICATION_NO_BUS: there is no session bus; everything else can run
 * @QUOTES_APPLICATION_NAME_TAKEN: another process has the name; exit 69
 * @QUOTES_APPLICATION_FAILED: the bus is there and refuses us
 */
typedef enum
{
  QUOTES_APPLICATION_REGISTERED,
  QUOTES_APPLICATION_NO_BUS,
  QUOTES_APPLICATION_NAME_TAKEN,
  QUOTES_APPLICATION_FAILED,
} QuotesApplicationResult;

/* Puts our objects on the bus, before the name is ours. */
typedef gboolean (*QuotesApplicationExportFunc) (GDBusConnection *connection,
                                                 gpointer user_data,
                                                 GError **error);

#define QUOTES_TYPE_APPLICATION (quotes_application_get_type ())
G_DECLARE_FINAL_TYPE (QuotesApplication, quotes_application, QUOTES, APPLICATION, GObject)

QuotesApplication *quotes_application_new (QuotesApplicationExportFunc export_func,
                                           gpointer user_data);
QuotesApplicationResult quotes_application_register (QuotesApplication *self, GError **error);
GDBusConnection *quotes_application_get_connection (QuotesApplication *self);
GApplication *quotes_application_get_application (QuotesApplication *self);

G_END_DECLS
