/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-doctor.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "quotes-await.h"
#include "quotes-http-client.h"

/* A service that needs longer to say how it is does not work. */
#define DEADLINE_SECONDS 10
#define BUS_TIMEOUT_MS 3000

static void
add_ok (QuotesDoctorReport *report, const char *subject, const char *finding)
{
  quotes_doctor_report_add (report, QUOTES_VERDICT_OK, subject, finding, NULL);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

/* (transfer full) (nullable) */
static QuotesClientStatus *
ask_for_status (QuotesClient *client, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint id = g_timeout_add_seconds (DEADLINE_SECONDS, give_up_cb, cancellable);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local_error = NULL;
  QuotesClientStatus *status = NULL;

  quotes_client_status_async (client, cancellable, quotes_await_cb, &result);
  quotes_await (&result);
  g_source_remove (id);

  status = quotes_client_status_finish (client, result, &local_error);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE,
                         _ ("It takes too long to answer"));
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return status;
}

/* (transfer full) (nullable) */
static GVariant *
ask_bus (GDBusConnection *bus, const char *method, GVariant *arguments, const char *type)
{
  return g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments,
    G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, BUS_TIMEOUT_MS, NULL, NULL);
}

static gboolean
is_owned (GDBusConnection *bus)
{
  g_autoptr (GVariant) reply = ask_bus (bus, "NameHasOwner", g_variant_new ("(s)", APP_ID), "(b)");
  gboolean owned = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

static gboolean
is_activatable (GDBusConnection *bus)
{
  g_autoptr (GVariant) reply = ask_bus (bus, "ListActivatableNames", NULL, "(as)");
  g_autofree const char **names = NULL;

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(^a&s)", &names);
  return g_strv_contains (names, APP_ID);
}

/**
 * quotes_doctor_check_bus:
 *
 * The session bus, and who stands for the service there.
 */
void
quotes_doctor_check_bus (QuotesDoctorReport *report)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL)
    {
      quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Session bus"), _ ("there is none"),
                                _ ("The Unix socket is used instead; log in to a desktop session "
                                   "for the bus"));
      quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Activation"),
                                _ ("nothing starts the service without a bus"),
                                _ ("Start marketwelld yourself"));
      return;
    }

  g_dbus_connection_set_exit_on_close (bus, FALSE);
  add_ok (report, _ ("Session bus"), _ ("it is there"));
  if (is_activatable (bus))
    add_ok (report, _ ("Activation"), _ ("the service starts when it is needed"));
  else
    quotes_doctor_report_add (report, is_owned (bus) ? QUOTES_VERDICT_WARN : QUOTES_VERDICT_FAIL,
                              _ ("Activation"), _ ("the bus has no file to start the service with"),
                              _ ("Install Marketwell, or start marketwelld yourself"));
}

/**
 * quotes_doctor_check_service:
 *
 * Returns: (transfer full) (nullable): what the service says of itself
 */
QuotesClientStatus *
quotes_doctor_check_service (QuotesDoctorReport *report, QuotesClient *client)
{
  g_autoptr (GError) error = NULL;
  QuotesClientStatus *status = ask_for_status (client, &error);
  g_autofree char *finding = NULL;

  if (status == NULL)
    {
      quotes_doctor_report_add (report, QUOTES_VERDICT_FAIL, _ ("Service"), error->message,
                                _ ("Start it with “systemctl --user start marketwell”, or run "
                                   "marketwelld to see what it says"));
      return NULL;
    }

  /* Translators: %s is `D-Bus`, or an address. */
  finding = g_strdup_printf (_ ("it answers over %s"), status->transport);
  add_ok (report, _ ("Service"), finding);
  return status;
}

/* Returns: whether the service answers at @address */
static gboolean
answers_at (const char *address, GError **error)
{
  g_autoptr (QuotesClient) client = quotes_http_client_new (address, error);
  g_autoptr (QuotesClientStatus) status = NULL;

  if (client != NULL)
    status = ask_for_status (client, error);
  return status != NULL;
}

/**
 * quotes_doctor_check_socket:
 * @is_needed: there is no other way to the service
 */
void
quotes_doctor_check_socket (QuotesDoctorReport *report, gboolean is_needed)
{
  g_autofree char *address = quotes_http_client_dup_default_address ();
  const char *path = address + strlen ("unix:");
  QuotesVerdict verdict = is_needed ? QUOTES_VERDICT_FAIL : QUOTES_VERDICT_WARN;
  g_autoptr (GError) error = NULL;
  g_autofree char *finding = NULL;
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      finding = g_strdup_printf (_ ("there is no %s"), path);
      quotes_doctor_report_add (report, verdict, _ ("Unix socket"), finding,
                                _ ("A service with --state-dir has it there, one with --no-http "
                                   "has none"));
    }
  else if (!S_ISSOCK (info.st_mode) || (info.st_mode & 0077) != 0)
    {
      finding = g_strdup_printf (_ ("%s is no socket that only you can use"), path);
      quotes_doctor_report_add (report, QUOTES_VERDICT_FAIL, _ ("Unix socket"), finding,
                                _ ("Remove it and start the service again"));
    }
  else if (!answers_at (address, &error))
    {
      quotes_doctor_report_add (report, verdict, _ ("Unix socket"), error->message,
                                _ ("Start the service again"));
    }
  else
    {
      finding = g_strdup_printf (_ ("it answers at %s"), path);
      add_ok (report, _ ("Unix socket"), finding);
    }
}

void
quotes_doctor_check_http (QuotesDoctorReport *report, const QuotesClientStatus *status)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *finding = NULL;

  if (status->address == NULL)
    quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("HTTP"),
                              _ ("the service has no address"),
                              _ ("Start it without --no-http if browsers should reach it"));
  else if (!answers_at (status->address, &error))
    quotes_doctor_report_add (report, QUOTES_VERDICT_FAIL, _ ("HTTP"), error->message,
                              _ ("Look whether another program has taken the port; --listen "
                                 "chooses another"));
  else
    {
      finding = g_strdup_printf (_ ("it answers at %s"), status->address);
      add_ok (report, _ ("HTTP"), finding);
    }
}

/* Where the service looks: where schemas are installed, then beside a program that runs from the
 * build folder. */
static gboolean
has_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) built = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *program_dir = g_path_get_dirname (program != NULL ? program : ".");
  g_autofree char *dir = g_build_filename (program_dir, "..", "..", "data", NULL);

  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, APP_ID, TRUE);
  if (schema != NULL)
    return TRUE;

  built = g_settings_schema_source_new_from_directory (dir, NULL, FALSE, NULL);
  if (built != NULL)
    schema = g_settings_schema_source_lookup (built, APP_ID, FALSE);
  return schema != NULL;
}

void
quotes_doctor_check_schema (QuotesDoctorReport *report)
{
  if (has_schema ())
    add_ok (report, _ ("Settings"), _ ("their schema is there"));
  else
    quotes_doctor_report_add (report, QUOTES_VERDICT_FAIL, _ ("Settings"),
                              _ ("their schema is missing"),
                              _ ("Install Marketwell again; glib-compile-schemas is part of that"));
}

void
quotes_doctor_check_versions (QuotesDoctorReport *report, const QuotesClientStatus *status)
{
  const char *other = status->program_version != NULL ? status->program_version : "?";
  g_autofree char *finding = NULL;

  if (g_str_equal (other, VERSION))
    {
      finding = g_strdup_printf (_ ("the service and this command are both %s"), VERSION);
      add_ok (report, _ ("Version"), finding);
      return;
    }

  finding = g_strdup_printf (_ ("the service is %1$s and this command is %2$s"), other, VERSION);
  quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Version"), finding,
                            _ ("Start the service again"));
}

void
quotes_doctor_check_network (QuotesDoctorReport *report)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  if (!g_network_monitor_get_network_available (monitor))
    {
      quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Network"), _ ("there is none"),
                                _ ("Connect this computer; prices stay as they are until then"));
      return;
    }

  switch (g_network_monitor_get_connectivity (monitor))
    {
    case G_NETWORK_CONNECTIVITY_PORTAL:
      quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Network"),
                                _ ("it wants you to log in first"),
                                _ ("Open any page in a browser"));
      break;
    case G_NETWORK_CONNECTIVITY_LOCAL:
    case G_NETWORK_CONNECTIVITY_LIMITED:
      quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, _ ("Network"),
                                _ ("it does not reach the internet"),
                                _ ("Look at the network connection"));
      break;
    case G_NETWORK_CONNECTIVITY_FULL:
    default:
      add_ok (report, _ ("Network"), _ ("it is there"));
      break;
    }
}
