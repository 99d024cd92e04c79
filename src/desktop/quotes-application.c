/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-application.h"

/* The GApplication itself, which calls back before it asks for the name. */
#define FRAME_TYPE_APPLICATION (frame_application_get_type ())
G_DECLARE_FINAL_TYPE (FrameApplication, frame_application, FRAME, APPLICATION, GApplication)

struct _FrameApplication
{
  GApplication parent_instance;

  QuotesApplicationExportFunc export_func;
  gpointer user_data; /* (unowned), outlives us */
  gboolean was_exported;
};

G_DEFINE_FINAL_TYPE (FrameApplication, frame_application, G_TYPE_APPLICATION)

static gboolean
frame_application_dbus_register (GApplication *application,
                                 GDBusConnection *connection,
                                 const char *object_path,
                                 GError **error)
{
  FrameApplication *self = FRAME_APPLICATION (application);

  /* The bus may go at any time from here on, and GIO would then end the process with SIGTERM. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  if (!G_APPLICATION_CLASS (frame_application_parent_class)
         ->dbus_register (application, connection, object_path, error))
    return FALSE;

  self->was_exported = self->export_func (connection, self->user_data, error);
  return self->was_exported;
}

/* A click on a notification that has nothing to open, or anybody on the bus. There is no page of
 * ours to show; without a handler GIO would warn each time. */
static void
frame_application_activate (G_GNUC_UNUSED GApplication *application)
{
}

static void
frame_application_class_init (FrameApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = frame_application_activate;
  application_class->dbus_register = frame_application_dbus_register;
}

static void
frame_application_init (G_GNUC_UNUSED FrameApplication *self)
{
}

/**
 * QuotesApplication:
 *
 * The program's place on the session bus (contract 7): a GApplication that is registered and held,
 * but never run, because the daemon's own main loop also runs without a bus.
 */
struct _QuotesApplication
{
  GObject parent_instance;

  FrameApplication *application; /* (owned) */
  GDBusConnection *connection;   /* (owned) (nullable): while the name is ours */
};

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesApplication, quotes_application, G_TYPE_OBJECT)

static void
connection_closed_cb (QuotesApplication *self)
{
  g_clear_object (&self->connection);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
quotes_application_dispose (GObject *object)
{
  QuotesApplication *self = QUOTES_APPLICATION (object);

  g_clear_object (&self->connection);
  /* Gives the name back. */
  g_clear_object (&self->application);

  G_OBJECT_CLASS (quotes_application_parent_class)->dispose (object);
}

static void
quotes_application_class_init (QuotesApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_application_dispose;

  /**
   * QuotesApplication::closed:
   * @self: the application
   *
   * The bus went away; the session is over. The daemon stops as on SIGTERM.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_application_init (G_GNUC_UNUSED QuotesApplication *self)
{
}

/**
 * quotes_application_new:
 * @export_func: puts our objects on the bus; called once, by quotes_application_register()
 * @user_data: for @export_func; outlives the application
 *
 * Returns: (transfer full): an application that is not registered yet
 */
QuotesApplication *
quotes_application_new (QuotesApplicationExportFunc export_func, gpointer user_data)
{
  QuotesApplication *self = NULL;

  g_return_val_if_fail (export_func != NULL, NULL);

  self = g_object_new (QUOTES_TYPE_APPLICATION, NULL);
  self->application = g_object_new (FRAME_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                                    G_APPLICATION_IS_SERVICE, NULL);
  self->application->export_func = export_func;
  self->application->user_data = user_data;

  return self;
}

/**
 * quotes_application_register:
 * @self: an application
 * @error: return location for why, with %QUOTES_APPLICATION_NAME_TAKEN and
 *   %QUOTES_APPLICATION_FAILED
 *
 * Connects to the session bus, puts our objects there and then asks for the name. Blocks, which is
 * why it is called once, before the main loop runs.
 */
QuotesApplicationResult
quotes_application_register (QuotesApplication *self, GError **error)
{
  GApplication *application = NULL;
  GDBusConnection *connection = NULL;

  g_return_val_if_fail (QUOTES_IS_APPLICATION (self), QUOTES_APPLICATION_FAILED);

  application = G_APPLICATION (self->application);
  if (!g_application_register (application, NULL, error))
    /* What can still fail once our objects are there is only the name. */
    return self->application->was_exported ? QUOTES_APPLICATION_NAME_TAKEN
                                           : QUOTES_APPLICATION_FAILED;

  g_application_hold (application);
  connection = g_application_get_dbus_connection (application);
  if (connection == NULL)
    return QUOTES_APPLICATION_NO_BUS;

  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "closed", G_CALLBACK (connection_closed_cb), self,
                           G_CONNECT_SWAPPED);
  return QUOTES_APPLICATION_REGISTERED;
}

/**
 * quotes_application_get_connection:
 *
 * Returns: (transfer none) (nullable): the session bus, while the name is ours
 */
GDBusConnection *
quotes_application_get_connection (QuotesApplication *self)
{
  g_return_val_if_fail (QUOTES_IS_APPLICATION (self), NULL);

  return self->connection;
}

/**
 * quotes_application_get_application:
 *
 * Returns: (transfer none): for notifications, which it sends only while there is a connection
 */
GApplication *
quotes_application_get_application (QuotesApplication *self)
{
  g_return_val_if_fail (QUOTES_IS_APPLICATION (self), NULL);

  return G_APPLICATION (self->application);
}
