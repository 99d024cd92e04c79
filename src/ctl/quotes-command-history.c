/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "quotes-archive-client.h"
#include "quotes-argument.h"
#include "quotes-await.h"
#include "quotes-chart.h"
#include "quotes-commands.h"
#include "quotes-history-format.h"
#include "quotes-lookup.h"
#include "quotes-output.h"
#include "quotes-text.h"

/* What a chart has of a screen: its size is that of the window, but the shell needs its own. */
#define SPARE_ROWS 2
#define ROWS_MAX 30
#define UNSET -1

/* The options of the command. */
typedef struct
{
  char **symbols; /* (owned) */
  char *range;    /* (owned) */
  int n_points;
  gboolean as_json;
  gboolean as_csv;
  gboolean is_ascii;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->symbols);
  g_free (options->range);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (QuotesInvocation *invocation,
       const QuotesCommand *command,
       int argc,
       char **argv,
       Options *options)
{
  const GOptionEntry entries[] = {
    {"range", 0, 0, G_OPTION_ARG_STRING, &options->range,
     N_ ("How far back: 1d, 5d, 1mo, 3mo, 1y or max"), N_ ("RANGE")},
    {"points", 0, 0, G_OPTION_ARG_INT, &options->n_points, N_ ("At most so many bars"), N_ ("N")},
    {"json", 0, 0, G_OPTION_ARG_NONE, &options->as_json,
     N_ ("Write JSON, as the HTTP interface does"), NULL},
    {"csv", 0, 0, G_OPTION_ARG_NONE, &options->as_csv, N_ ("Write a table for spreadsheets"), NULL},
    {"ascii", 0, 0, G_OPTION_ARG_NONE, &options->is_ascii, N_ ("Draw with plain characters"), NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->symbols, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };

  return quotes_invocation_parse (invocation, command, entries, argc, argv);
}

/* Returns: (nullable): what is wrong with them, translated */
static const char *
check (const Options *options, QuotesRange *range)
{
  *range = QUOTES_RANGE_1D;
  if (options->symbols == NULL || options->symbols[1] != NULL)
    return _ ("Say of which symbol, of one");
  if (options->range != NULL && !quotes_range_from_string (options->range, range))
    return _ ("A range is 1d, 5d, 1mo, 3mo, 1y or max");
  if (options->n_points != UNSET && (options->n_points < QUOTES_HISTORY_POINTS_MIN ||
                                     options->n_points > QUOTES_HISTORY_POINTS_MAX))
    return _ ("The points are from 3 to 5000");
  if (options->as_json && options->as_csv)
    return _ ("Choose one of --json and --csv");
  return NULL;
}

/* A chart takes all there is, and finds itself what of it can be seen. */
static guint
get_n_points (const Options *options)
{
  if (options->n_points != UNSET)
    return (guint) options->n_points;
  return options->as_json || options->as_csv ? QUOTES_HISTORY_POINTS_DEFAULT
                                             : QUOTES_HISTORY_POINTS_MAX;
}

static QuotesHistory *
ask (QuotesClient *client, const char *symbol, QuotesRange range, guint n_points, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_archive_client_history_async (QUOTES_ARCHIVE_CLIENT (client), symbol, range, n_points,
                                       NULL, quotes_await_cb, &result);
  quotes_await (&result);

  return quotes_archive_client_history_finish (QUOTES_ARCHIVE_CLIENT (client), result, error);
}

static int
print_chart (const QuotesHistory *history,
             const QuotesQuote *quote,
             QuotesRange range,
             gboolean is_ascii,
             QuotesPalette palette)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GString) text = g_string_new (NULL);
  QuotesChart chart = {
    .history = history,
    .name = quote != NULL ? quote->name : NULL,
    .range = range,
    .decimals = quote != NULL ? quote->decimals : 2,
    .is_ascii = is_ascii || !g_get_charset (NULL),
    .zone = zone,
    .palette = palette,
  };

  if (history->bars->len == 0)
    {
      g_autofree char *symbol = quotes_text_clean (history->symbol);
      /* Translators: %s is the symbol of an instrument. */
      g_autofree char *line = g_strdup_printf (_ ("There is no history of %s yet\n"), symbol);

      return quotes_invocation_print (line);
    }

  quotes_output_get_size (STDOUT_FILENO, &chart.width, &chart.height);
  chart.height = MIN (chart.height - MIN (SPARE_ROWS, chart.height), ROWS_MAX);
  quotes_chart_append (&chart, text);
  return quotes_invocation_print (text->str);
}

int
quotes_command_history (QuotesInvocation *invocation,
                        const QuotesCommand *command,
                        int argc,
                        char **argv)
{
  g_auto (Options) options = {.n_points = UNSET};
  QuotesRange range = QUOTES_RANGE_1D;
  const char *fault = NULL;
  const char *symbol = NULL;
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesSnapshot) list = NULL;
  g_autoptr (QuotesHistory) history = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!parse (invocation, command, argc, argv, &options))
    return QUOTES_EXIT_USAGE;
  fault = check (&options, &range);
  if (fault != NULL)
    return quotes_invocation_fail_usage (command, fault);

  client = quotes_invocation_open (invocation, &error);
  if (client != NULL)
    list = quotes_lookup_list (client, &error);
  if (list != NULL)
    {
      symbol = quotes_lookup_symbol (list, options.symbols[0]);
      history = ask (client, symbol, range, get_n_points (&options), &error);
    }
  if (history == NULL)
    return quotes_invocation_fail (error, options.symbols[0]);

  if (!options.as_json && !options.as_csv)
    return print_chart (history, quotes_lookup_quote (list, symbol), range, options.is_ascii,
                        quotes_invocation_get_palette (invocation, FALSE));
  if (options.as_json)
    quotes_history_format_append_json (history, text);
  else
    quotes_history_format_append_csv (history, text);
  return quotes_invocation_print_raw (text->str);
}
