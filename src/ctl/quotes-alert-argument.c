/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-argument.h"

#include <glib/gi18n.h>

#include "quotes-argument.h"

#define HOUR_US G_GINT64_CONSTANT (3600000000)

/* What each kind of alert is called on the command line, and what it takes. */
typedef struct
{
  const char *word;
  QuotesAlertKind kind;
  gboolean has_level;
  gboolean has_percent;
  gboolean has_within;
  gboolean has_for;
} Form;

static const Form forms[] = {
  {"above", QUOTES_ALERT_ABOVE, .has_level = TRUE},
  {"below", QUOTES_ALERT_BELOW, .has_level = TRUE},
  {"move", QUOTES_ALERT_MOVE, .has_percent = TRUE, .has_within = TRUE},
  {"change", QUOTES_ALERT_CHANGE, .has_percent = TRUE},
  {"stale", QUOTES_ALERT_STALE},
  {"failing", QUOTES_ALERT_PROVIDER, .has_for = TRUE},
};

void
quotes_alert_options_clear (QuotesAlertOptions *self)
{
  g_free ((gpointer) self->within);
  g_free ((gpointer) self->how_long);
  g_free ((gpointer) self->cooldown);
  g_free ((gpointer) self->hysteresis);
  g_free ((gpointer) self->direction);
  g_free ((gpointer) self->note);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
refuse_value (GError **error, const char *message, const char *value)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: \u201c%s\u201d", message,
               value);
  return FALSE;
}

static gboolean
read_duration (const char *text, gint64 *duration_us, GError **error)
{
  return quotes_argument_read_duration (text, duration_us) ||
         refuse_value (error, _ ("This is not a duration; write 90s, 15m, 1h or 2d"), text);
}

static const Form *
find_form (const char *word)
{
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (forms); i++)
    if (g_str_equal (forms[i].word, word))
      return &forms[i];

  return NULL;
}

static gboolean
read_value (const Form *form, const char *text, QuotesAlert *fields, GError **error)
{
  if (!form->has_level && !form->has_percent)
    return text == NULL || refuse_value (error, _ ("This is one word too many"), text);
  if (text == NULL)
    return refuse (error, form->has_level ? _ ("Say at which level, as in 2400.50")
                                          : _ ("Say how many percent, as in 1.5"));
  if (form->has_level && !quotes_argument_read_number (text, &fields->level))
    return refuse_value (error, _ ("This is not a level; write it as 2400.50, with a point"), text);
  if (form->has_percent && !quotes_argument_read_percent (text, &fields->percent))
    return refuse_value (error, _ ("These are not percent; write them as 1.5, with a point"), text);
  return TRUE;
}

static gboolean
read_window (const Form *form,
             const QuotesAlertOptions *options,
             QuotesAlert *fields,
             GError **error)
{
  const char *text = form->has_within ? options->within : options->how_long;

  if (options->within != NULL && !form->has_within)
    return refuse (error, _ ("--within is for “move” only"));
  if (options->how_long != NULL && !form->has_for)
    return refuse (error, _ ("--for is for “failing” only"));
  if (!form->has_within && !form->has_for)
    return TRUE;
  if (text == NULL)
    return refuse (error, form->has_within ? _ ("Say within which time, as in --within 15m")
                                           : _ ("Say for how long, as in --for 10m"));
  return read_duration (text, &fields->window_us, error);
}

static gboolean
read_rest (const Form *form, const QuotesAlertOptions *options, QuotesAlert *fields, GError **error)
{
  gboolean has_price = form->has_level || form->has_percent;

  if (options->direction != NULL && !form->has_percent)
    return refuse (error, _ ("--direction is for “move” and “change” only"));
  if (options->direction != NULL &&
      !quotes_alert_direction_from_string (options->direction, &fields->direction))
    return refuse (error, _ ("A direction is up, down or either"));
  if (options->hysteresis != NULL && !has_price)
    return refuse (error, _ ("--hysteresis is for prices only"));
  if (options->hysteresis != NULL &&
      (!quotes_argument_read_number (options->hysteresis, &fields->hysteresis_percent) ||
       fields->hysteresis_percent < 0))
    return refuse_value (error, _ ("These are not percent; write them as 1.5, with a point"),
                         options->hysteresis);
  if (options->cooldown != NULL && !options->is_repeating)
    return refuse (error, _ ("--cooldown goes with --repeat"));
  return options->cooldown == NULL ||
         read_duration (options->cooldown, &fields->cooldown_us, error);
}

/**
 * quotes_alert_argument_read:
 * @words: what follows `alert add`
 * @fields: (out): what it says, over %QUOTES_ALERT_INIT; its texts are those of @words and @options
 * @error: return location for a #GOptionError, translated
 */
gboolean
quotes_alert_argument_read (const char *const *words,
                            const QuotesAlertOptions *options,
                            QuotesAlert *fields,
                            GError **error)
{
  const Form *form = words[0] != NULL ? find_form (words[1]) : NULL;
  const char *value = NULL;

  *fields = (QuotesAlert) QUOTES_ALERT_INIT;
  if (words[0] == NULL || words[1] == NULL)
    return refuse (error, _ ("Say of what and for what, as in “alert add XAU above 2400.50”"));
  if (form == NULL)
    return refuse_value (
      error, _ ("An alert waits for above, below, move, change, stale or failing, not for this"),
      words[1]);

  value = words[2];
  if (value != NULL && words[3] != NULL)
    return refuse_value (error, _ ("This is one word too many"), words[3]);
  fields->kind = form->kind;
  if (form->kind == QUOTES_ALERT_PROVIDER)
    fields->provider = words[0];
  else
    fields->symbol = words[0];
  fields->note = options->note;
  fields->is_repeating = options->is_repeating;
  return read_value (form, value, fields, error) && read_window (form, options, fields, error) &&
         read_rest (form, options, fields, error);
}

gboolean
quotes_alert_argument_read_snooze (const QuotesAlertOptions *options,
                                   gint64 *duration_us,
                                   GError **error)
{
  *duration_us = HOUR_US;
  if (options->how_long == NULL)
    return TRUE;
  if (g_str_equal (options->how_long, "0"))
    {
      *duration_us = 0;
      return TRUE;
    }
  return read_duration (options->how_long, duration_us, error);
}
