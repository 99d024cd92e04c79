/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "quotes-alert-argument.h"
#include "quotes-alert-format.h"
#include "quotes-alerts-client.h"
#include "quotes-argument.h"
#include "quotes-await.h"
#include "quotes-commands.h"
#include "quotes-lookup.h"
#include "quotes-output.h"
#include "quotes-text.h"

/* All that was typed. */
typedef struct
{
  QuotesInvocation *invocation;
  const QuotesCommand *command;
  QuotesAlertOptions options; /* (owned) */
  char **words;               /* (owned) (nullable) */
  gboolean as_json;
  gint64 snooze_us;
} Request;

static void
request_clear (Request *self)
{
  quotes_alert_options_clear (&self->options);
  g_strfreev (self->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

/* In words that fit alerts. */
static int
fail (const GError *error, const char *id)
{
  g_autoptr (GError) other = NULL;

  if (g_error_matches (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_LIST_FULL))
    other = g_error_new_literal (QUOTES_CLIENT_ERROR, error->code,
                                 _ ("There are as many alerts as there can be; remove one first"));
  return quotes_invocation_fail (other != NULL ? other : error, id);
}

static char *
ask_to_add (QuotesClient *client, const QuotesAlert *fields, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_alerts_client_add_async (QUOTES_ALERTS_CLIENT (client), fields, NULL, quotes_await_cb,
                                  &result);
  quotes_await (&result);

  return quotes_alerts_client_add_finish (QUOTES_ALERTS_CLIENT (client), result, error);
}

static int
run_add (const Request *self)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesSnapshot) list = NULL;
  g_autofree char *id = NULL;
  g_autofree char *condition = NULL;
  g_autofree char *said = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  if (!quotes_alert_argument_read ((const char *const *) self->words + 1, &self->options, &fields,
                                   &error))
    return quotes_invocation_fail_usage (self->command, error->message);

  client = quotes_invocation_open (self->invocation, &error);
  if (client != NULL)
    list = quotes_lookup_list (client, &error);
  if (list != NULL)
    {
      if (fields.symbol != NULL)
        fields.symbol = quotes_lookup_symbol (list, fields.symbol);
      id = ask_to_add (client, &fields, &error);
    }
  if (id == NULL)
    return fail (error, self->words[1]);

  condition = quotes_alert_format_condition (&fields, list);
  /* Translators: the number of an alert, and what it waits for. */
  said = g_strdup_printf (_ ("Alert %1$s is set: %2$s"), id, condition);
  clean = quotes_text_clean (said);
  line = g_strconcat (clean, "\n", NULL);
  return quotes_invocation_print (line);
}

static GPtrArray *
ask_for_alerts (QuotesClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_alerts_client_list_async (QUOTES_ALERTS_CLIENT (client), NULL, quotes_await_cb, &result);
  quotes_await (&result);

  return quotes_alerts_client_list_finish (QUOTES_ALERTS_CLIENT (client), result, error);
}

static int
print_table (const Request *self, GPtrArray *alerts, const QuotesSnapshot *list)
{
  g_autoptr (QuotesTable) table = quotes_alert_format_new_table (alerts, list, g_get_real_time ());
  g_autoptr (GString) text = g_string_new (NULL);

  if (alerts->len == 0)
    return quotes_invocation_print (_ ("There are no alerts; “marketwell alert add” sets one\n"));

  quotes_table_fit (table, quotes_output_get_width (STDOUT_FILENO));
  quotes_table_append_all (table, quotes_invocation_get_palette (self->invocation, FALSE), text);
  return quotes_invocation_print (text->str);
}

static int
run_list (const Request *self)
{
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesSnapshot) list = NULL;
  g_autoptr (GPtrArray) alerts = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (self->words[1] != NULL)
    return quotes_invocation_fail_usage (self->command, _ ("“alert list” takes no more words"));

  client = quotes_invocation_open (self->invocation, &error);
  if (client != NULL)
    alerts = ask_for_alerts (client, &error);
  if (alerts != NULL && !self->as_json)
    list = quotes_lookup_list (client, &error);
  if (error != NULL)
    return fail (error, NULL);

  if (!self->as_json)
    return print_table (self, alerts, list);
  quotes_alert_format_append_json (alerts, text);
  return quotes_invocation_print_raw (text->str);
}

/* Asks for one change; says what is so afterwards. */
typedef char *(*ChangeFunc) (const Request *self,
                             QuotesAlertsClient *client,
                             const char *id,
                             GAsyncResult **result);

static char *
remove_one (G_GNUC_UNUSED const Request *self,
            QuotesAlertsClient *client,
            const char *id,
            GAsyncResult **result)
{
  quotes_alerts_client_remove_async (client, id, NULL, quotes_await_cb, result);
  /* Translators: %s is the number of an alert. */
  return g_strdup_printf (_ ("Alert %s is removed"), id);
}

static char *
enable_one (G_GNUC_UNUSED const Request *self,
            QuotesAlertsClient *client,
            const char *id,
            GAsyncResult **result)
{
  quotes_alerts_client_set_enabled_async (client, id, TRUE, NULL, quotes_await_cb, result);
  /* Translators: %s is the number of an alert. */
  return g_strdup_printf (_ ("Alert %s is on"), id);
}

static char *
disable_one (G_GNUC_UNUSED const Request *self,
             QuotesAlertsClient *client,
             const char *id,
             GAsyncResult **result)
{
  quotes_alerts_client_set_enabled_async (client, id, FALSE, NULL, quotes_await_cb, result);
  /* Translators: %s is the number of an alert. */
  return g_strdup_printf (_ ("Alert %s is off"), id);
}

static char *
snooze_one (const Request *self, QuotesAlertsClient *client, const char *id, GAsyncResult **result)
{
  g_autofree char *until = quotes_alert_format_moment (g_get_real_time () + self->snooze_us);

  quotes_alerts_client_snooze_async (client, id, self->snooze_us, NULL, quotes_await_cb, result);
  if (self->snooze_us == 0)
    /* Translators: %s is the number of an alert. */
    return g_strdup_printf (_ ("Alert %s is awake"), id);
  /* Translators: the number of an alert, a day and a time. */
  return g_strdup_printf (_ ("Alert %1$s is snoozed until %2$s"), id, until);
}

/* One that fails does not keep the others from being done. The worst exit code is the result. */
static int
run_change (const Request *self, ChangeFunc change)
{
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (GError) error = NULL;
  int worst = QUOTES_EXIT_SUCCESS;

  if (self->words[1] == NULL)
    return quotes_invocation_fail_usage (self->command,
                                         _ ("Say which alert; “marketwell alert list” has them"));
  client = quotes_invocation_open (self->invocation, &error);
  if (client == NULL)
    return fail (error, NULL);

  for (guint i = 1; self->words[i] != NULL && worst != QUOTES_EXIT_UNAVAILABLE; i++)
    {
      QuotesAlertsClient *alerts = QUOTES_ALERTS_CLIENT (client);
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree char *said = change (self, alerts, self->words[i], &result);
      g_autofree char *clean = quotes_text_clean (said);
      g_autofree char *line = g_strconcat (clean, "\n", NULL);
      g_autoptr (GError) refused = NULL;
      int code = QUOTES_EXIT_SUCCESS;

      quotes_await (&result);
      if (quotes_alerts_client_change_finish (alerts, result, &refused))
        code = quotes_invocation_print (line);
      else
        code = fail (refused, self->words[i]);
      worst = MAX (worst, code);
    }
  return worst;
}

static int
run_snooze (Request *self)
{
  g_autoptr (GError) error = NULL;

  if (!quotes_alert_argument_read_snooze (&self->options, &self->snooze_us, &error))
    return quotes_invocation_fail_usage (self->command, error->message);
  return run_change (self, snooze_one);
}

/* An option would take a negative level for itself: `-5` becomes `−5`, which is one, too. */
static void
shield_levels (int argc, char **argv, GPtrArray *shielded)
{
  for (int i = 0; i < argc; i++)
    if (argv[i][0] == '-' && (g_ascii_isdigit (argv[i][1]) || argv[i][1] == '.'))
      {
        argv[i] = g_strconcat (QUOTES_ARGUMENT_MINUS, argv[i] + 1, NULL);
        g_ptr_array_add (shielded, argv[i]);
      }
}

static gboolean
parse (Request *self, int argc, char **argv)
{
  QuotesAlertOptions *options = &self->options;
  const GOptionEntry entries[] = {
    {"within", 0, 0, G_OPTION_ARG_STRING, &options->within,
     N_ ("move: within which time, as 15m, 1h or 2d"), N_ ("DURATION")},
    {"for", 0, 0, G_OPTION_ARG_STRING, &options->how_long,
     N_ ("failing, snooze: for how long, as 10m or 1h; snooze: 0 wakes it"), N_ ("DURATION")},
    {"direction", 0, 0, G_OPTION_ARG_STRING, &options->direction,
     N_ ("move, change: up, down or either"), N_ ("DIRECTION")},
    {"repeat", 0, 0, G_OPTION_ARG_NONE, &options->is_repeating,
     N_ ("Fire again and again, not only once"), NULL},
    {"cooldown", 0, 0, G_OPTION_ARG_STRING, &options->cooldown,
     N_ ("With --repeat: be silent for so long after it fired"), N_ ("DURATION")},
    {"hysteresis", 0, 0, G_OPTION_ARG_STRING, &options->hysteresis,
     N_ ("How far the price has to go back before it can fire again"), N_ ("PERCENT")},
    {"note", 0, 0, G_OPTION_ARG_STRING, &options->note, N_ ("Your own words for it"), N_ ("TEXT")},
    {"json", 0, 0, G_OPTION_ARG_NONE, &self->as_json,
     N_ ("list: write JSON, as the HTTP interface does"), NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->words, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GPtrArray) shielded = g_ptr_array_new_with_free_func (g_free);

  shield_levels (argc, argv, shielded);
  return quotes_invocation_parse (self->invocation, self->command, entries, argc, argv);
}

int
quotes_command_alert (QuotesInvocation *invocation,
                      const QuotesCommand *command,
                      int argc,
                      char **argv)
{
  static const struct
  {
    const char *word;
    ChangeFunc change;
  } changes[] = {{"remove", remove_one}, {"enable", enable_one}, {"disable", disable_one}};
  g_auto (Request) self = {.invocation = invocation, .command = command};
  const char *word = NULL;

  if (!parse (&self, argc, argv))
    return QUOTES_EXIT_USAGE;
  word = self.words != NULL ? self.words[0] : "";
  if (g_str_equal (word, "add"))
    return run_add (&self);
  if (g_str_equal (word, "list"))
    return run_list (&self);
  if (g_str_equal (word, "snooze"))
    return run_snooze (&self);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    if (g_str_equal (word, changes[i].word))
      return run_change (&self, changes[i].change);

  return quotes_invocation_fail_usage (
    command, _ ("Say what to do: add, list, remove, enable, disable or snooze"));
}
