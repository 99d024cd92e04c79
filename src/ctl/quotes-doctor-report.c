/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-doctor-report.h"

#include <glib/gi18n.h>
#include <string.h>

#include "quotes-format.h"
#include "quotes-status-format.h"
#include "quotes-text.h"

/* `warn` and two spaces. */
#define INDENT 6
#define MIN_TEXT_WIDTH 20

typedef struct
{
  QuotesVerdict verdict;
  char *text; /* (owned): clean */
} Line;

struct _QuotesDoctorReport
{
  GArray *lines; /* (owned) (element-type Line) */
};

static void
clear_line (gpointer data)
{
  g_free (((Line *) data)->text);
}

QuotesDoctorReport *
quotes_doctor_report_new (void)
{
  QuotesDoctorReport *self = g_new0 (QuotesDoctorReport, 1);

  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  g_array_set_clear_func (self->lines, clear_line);

  return self;
}

void
quotes_doctor_report_free (QuotesDoctorReport *self)
{
  g_array_unref (self->lines);
  g_free (self);
}

/**
 * quotes_doctor_report_add:
 * @subject: what was looked at
 * @finding: how it is
 * @advice: (nullable): what to do about it
 */
void
quotes_doctor_report_add (QuotesDoctorReport *self,
                          QuotesVerdict verdict,
                          const char *subject,
                          const char *finding,
                          const char *advice)
{
  /* Translators: what was looked at and how it is, as in "Session bus: there". */
  g_autofree char *text = g_strdup_printf (C_ ("doctor", "%1$s: %2$s"), subject, finding);
  g_autofree char *whole = NULL;
  Line line = {verdict, NULL};

  if (advice != NULL)
    /* Translators: what was found and what to do about it. */
    whole = g_strdup_printf (C_ ("doctor", "%1$s. %2$s"), text, advice);
  line.text = quotes_text_clean (whole != NULL ? whole : text);
  g_array_append_val (self->lines, line);
}

static const char *
get_advice (const char *reason)
{
  static const struct
  {
    const char *reason;
    const char *advice;
  } advices[] = {
    {"rate-limited", N_ ("Wait; a longer interval asks less often")},
    {"auth", N_ ("Look at the key in the settings")},
    {"blocked", N_ ("Wait; if it goes on, take the instruments from another provider")},
    {"bad-data", N_ ("If it goes on, look for a newer version of Marketwell")},
    {"http", N_ ("Wait; the provider has a problem")},
    {"network", N_ ("Look at the network connection")},
    {"tls", N_ ("Look at the date and the certificates of this computer")},
    {"timeout", N_ ("Look at the network connection")},
    {"too-large", N_ ("If it goes on, look for a newer version of Marketwell")},
    {"throttled", N_ ("Wait; it goes on by itself")},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_strcmp0 (advices[i].reason, reason) == 0)
      return _ (advices[i].advice);

  return NULL;
}

static QuotesVerdict
judge_provider (const QuotesClientProvider *provider)
{
  if (g_str_equal (provider->state, "ok") || g_str_equal (provider->state, "idle"))
    return QUOTES_VERDICT_OK;
  return g_str_equal (provider->state, "open") ? QUOTES_VERDICT_FAIL : QUOTES_VERDICT_WARN;
}

static char *
describe_provider (const QuotesClientProvider *provider, gint64 now_us)
{
  const char *state = quotes_status_format_get_provider_words (provider->state);
  const char *reason = quotes_status_format_get_reason_words (provider->reason);
  GString *text = g_string_new (state);
  g_autofree char *age = NULL;

  if (*reason != '\0')
    g_string_append_printf (text, ", %s", reason);
  if (judge_provider (provider) != QUOTES_VERDICT_OK && provider->n_failures > 0)
    g_string_append_printf (
      text, ngettext (", failed %u time", ", failed %u times", provider->n_failures),
      provider->n_failures);
  if (provider->last_ok_us > 0)
    {
      age = quotes_format_age (now_us - provider->last_ok_us);
      /* Translators: %s is a time span, as in "3 min". */
      g_string_append_printf (text, _ (", last answer %s ago"), age);
    }

  return g_string_free (text, FALSE);
}

static void
add_provider (QuotesDoctorReport *self, const QuotesClientProvider *provider, gint64 now_us)
{
  QuotesVerdict verdict = judge_provider (provider);
  const char *advice = verdict != QUOTES_VERDICT_OK ? get_advice (provider->reason) : NULL;
  g_autofree char *finding = describe_provider (provider, now_us);
  g_autofree char *next = quotes_format_time (provider->next_try_us);
  g_autofree char *plan = NULL;

  if (verdict != QUOTES_VERDICT_OK && provider->next_try_us > 0)
    {
      /* Translators: %1$s is a sentence that says what to do, %2$s a time of day. */
      plan = advice != NULL ? g_strdup_printf (_ ("%1$s; next try at %2$s"), advice, next)
                            : g_strdup_printf (_ ("Next try at %s"), next);
      advice = plan;
    }
  quotes_doctor_report_add (self, verdict, provider->label, finding, advice);
}

/**
 * quotes_doctor_report_add_providers:
 * @now_us: microseconds since 1970
 *
 * One line for each provider.
 */
void
quotes_doctor_report_add_providers (QuotesDoctorReport *self,
                                    const QuotesClientStatus *status,
                                    gint64 now_us)
{
  for (guint i = 0; i < status->providers->len; i++)
    add_provider (self, g_ptr_array_index (status->providers, i), now_us);
  if (status->providers->len == 0)
    quotes_doctor_report_add (self, QUOTES_VERDICT_FAIL, _ ("Providers"), _ ("there are none"),
                              _ ("Look at the options of the service"));
}

/**
 * quotes_doctor_report_add_pending:
 *
 * One line for each instrument without a price, or one that says that there are none.
 */
void
quotes_doctor_report_add_pending (QuotesDoctorReport *self, const QuotesClientStatus *status)
{
  for (guint i = 0; i < status->pending->len; i++)
    {
      const QuotesClientPending *pending = g_ptr_array_index (status->pending, i);
      const char *words = quotes_status_format_get_symbol_words (pending->reason);
      g_autofree char *next = quotes_format_time (pending->next_check_us);
      g_autofree char *advice = NULL;

      if (g_strcmp0 (pending->reason, "not-found") == 0)
        /* Translators: %s is what the user typed, as in "yahoo:AAPL". */
        advice = g_strdup_printf (_ ("Look whether “%s” is spelled right"), pending->instrument);
      else if (pending->next_check_us > 0)
        advice = g_strdup_printf (_ ("Next try at %s"), next);
      else
        advice = g_strdup (_ ("Wait; it goes on by itself"));
      quotes_doctor_report_add (self, QUOTES_VERDICT_WARN, pending->symbol, words, advice);
    }
  if (status->pending->len == 0)
    quotes_doctor_report_add (self, QUOTES_VERDICT_OK, _ ("Instruments"), _ ("all have a price"),
                              NULL);
}

gboolean
quotes_doctor_report_has_failed (QuotesDoctorReport *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (g_array_index (self->lines, Line, i).verdict == QUOTES_VERDICT_FAIL)
      return TRUE;

  return FALSE;
}

/* Writes @text broken between words, every line but the first indented. */
static void
append_wrapped (const char *text, guint width, GString *out)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint word_width = quotes_text_get_width (words[i]);

      if (i > 0 && column + 1 + word_width > width)
        {
          g_string_append_printf (out, "\n%*s", INDENT, "");
          column = 0;
        }
      else if (i > 0)
        {
          g_string_append_c (out, ' ');
          column++;
        }
      g_string_append (out, words[i]);
      column += word_width;
    }
}

static void
append_line (const Line *line, guint width, QuotesPalette palette, GString *out)
{
  /* Not translated: scripts look for them. */
  static const char *const words[] = {"ok", "warn", "fail"};
  static const QuotesStyle styles[] = {QUOTES_STYLE_GOOD, QUOTES_STYLE_STALE, QUOTES_STYLE_BAD};
  const char *word = words[line->verdict];

  quotes_style_append (out, palette, styles[line->verdict], word);
  g_string_append_printf (out, "%*s", INDENT - (int) strlen (word), "");
  append_wrapped (line->text, width > INDENT + MIN_TEXT_WIDTH ? width - INDENT : MIN_TEXT_WIDTH,
                  out);
  g_string_append_c (out, '\n');
}

/**
 * quotes_doctor_report_append:
 * @width: cells, or %QUOTES_TABLE_ANY_WIDTH for one line each
 */
void
quotes_doctor_report_append (QuotesDoctorReport *self,
                             guint width,
                             QuotesPalette palette,
                             GString *out)
{
  for (guint i = 0; i < self->lines->len; i++)
    append_line (&g_array_index (self->lines, Line, i), width, palette, out);
}
