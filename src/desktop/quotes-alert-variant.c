/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-variant.h"

#include <glib/gi18n.h>

#include "quotes-alert-members.h"
#include "quotes-error.h"

/* As much of a caller's own text as an error message repeats, in characters. */
#define MAX_ECHO 64

/* What it is on the bus. */
static const GVariantType *
get_type (const QuotesAlertMember *member)
{
  switch (member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      return G_VARIANT_TYPE_DOUBLE;
    case QUOTES_ALERT_MEMBER_FLAG:
      return G_VARIANT_TYPE_BOOLEAN;
    case QUOTES_ALERT_MEMBER_TIME:
      return G_VARIANT_TYPE_INT64;
    case QUOTES_ALERT_MEMBER_DURATION:
    case QUOTES_ALERT_MEMBER_COUNT:
      return G_VARIANT_TYPE_INT32;
    case QUOTES_ALERT_MEMBER_TEXT:
    case QUOTES_ALERT_MEMBER_KIND:
    case QUOTES_ALERT_MEMBER_DIRECTION:
    default:
      return G_VARIANT_TYPE_STRING;
    }
}

/* Returns: (transfer floating) (nullable): %NULL = unknown */
static GVariant *
make_value (const QuotesAlertMember *member, const QuotesAlert *alert)
{
  const char *text = NULL;
  double number = NAN;
  gint64 value = 0;

  switch (member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      number = quotes_alert_member_get_number (member, alert);
      return isfinite (number) ? g_variant_new_double (number) : NULL;
    case QUOTES_ALERT_MEMBER_FLAG:
      return g_variant_new_boolean (quotes_alert_member_get_flag (member, alert));
    case QUOTES_ALERT_MEMBER_TIME:
      value = quotes_alert_member_get_int (member, alert);
      return value > 0 ? g_variant_new_int64 (value) : NULL;
    case QUOTES_ALERT_MEMBER_DURATION:
    case QUOTES_ALERT_MEMBER_COUNT:
      value = quotes_alert_member_get_int (member, alert);
      return g_variant_new_int32 ((gint32) MIN (value, G_MAXINT32));
    case QUOTES_ALERT_MEMBER_TEXT:
    case QUOTES_ALERT_MEMBER_KIND:
    case QUOTES_ALERT_MEMBER_DIRECTION:
    default:
      text = quotes_alert_member_get_text (member, alert);
      return text != NULL ? g_variant_new_string (text) : NULL;
    }
}

static void
add_members (GVariantBuilder *builder, const QuotesAlert *alert)
{
  guint n_members = 0;
  const QuotesAlertMember *members = quotes_alert_members_get (&n_members);

  for (guint i = 0; i < n_members; i++)
    {
      GVariant *value = make_value (&members[i], alert);

      if (value != NULL)
        g_variant_builder_add (builder, "{sv}", members[i].name, value);
    }
}

/**
 * quotes_alert_to_variant:
 *
 * Returns: (transfer floating): an `a{sv}` with the member names of the JSON, in which unknown
 *   members are absent
 */
GVariant *
quotes_alert_to_variant (const QuotesAlert *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_members (&builder, self);
  return g_variant_builder_end (&builder);
}

/**
 * quotes_alerts_to_variant:
 * @alerts: (element-type QuotesAlert): alerts
 *
 * Returns: (transfer floating): an `aa{sv}` in the same order
 */
GVariant *
quotes_alerts_to_variant (GPtrArray *alerts)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < alerts->len; i++)
    g_variant_builder_add_value (&builder, quotes_alert_to_variant (g_ptr_array_index (alerts, i)));
  return g_variant_builder_end (&builder);
}

/**
 * quotes_alert_fired_to_variant:
 *
 * Returns: (transfer floating): an `a{sv}` with the members of the alert, and with what fired it
 */
GVariant *
quotes_alert_fired_to_variant (const QuotesAlertFired *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_members (&builder, self->alert);
  if (self->name != NULL)
    g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (self->name));
  if (isfinite (self->price))
    g_variant_builder_add (&builder, "{sv}", "price", g_variant_new_double (self->price));
  if (isfinite (self->value))
    g_variant_builder_add (&builder, "{sv}", "value", g_variant_new_double (self->value));
  if (self->currency != NULL)
    g_variant_builder_add (&builder, "{sv}", "currency", g_variant_new_string (self->currency));
  g_variant_builder_add (&builder, "{sv}", "fired_at", g_variant_new_int64 (self->fired_us));
  g_variant_builder_add (&builder, "{sv}", "missed", g_variant_new_boolean (self->is_missed));
  return g_variant_builder_end (&builder);
}

static gboolean
read_value (const QuotesAlertMember *member, GVariant *value, QuotesAlert *fields)
{
  if (!g_variant_is_of_type (value, get_type (member)))
    return FALSE;

  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      return quotes_alert_member_set_number (member, fields, g_variant_get_double (value));
    case QUOTES_ALERT_MEMBER_DURATION:
      return quotes_alert_member_set_seconds (member, fields, g_variant_get_int32 (value));
    case QUOTES_ALERT_MEMBER_FLAG:
      return quotes_alert_member_set_flag (member, fields, g_variant_get_boolean (value));
    default:
      return quotes_alert_member_set_text (member, fields, g_variant_get_string (value, NULL));
    }
}

static gboolean
refuse_unknown (const char *name, GError **error)
{
  g_autofree char *echo =
    g_utf8_strlen (name, -1) > MAX_ECHO ? g_utf8_substring (name, 0, MAX_ECHO) : g_strdup (name);

  g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT, _ ("An alert has no “%s”"),
               echo);
  return FALSE;
}

/**
 * quotes_alert_read_variant:
 * @variant: an `a{sv}` from outside
 * @fields: (out): what it says, over %QUOTES_ALERT_INIT; its texts live as long as @variant
 * @error: return location for %QUOTES_ERROR_INVALID_ARGUMENT, which says for people what of it
 *   cannot be
 *
 * What only the service sets is ignored, so that an alert can be sent back as it was read; but a
 * member that is not known is refused, because a misspelt one would silently be another alert than
 * the user meant.
 *
 * Returns: whether it can be an alert; whether it makes sense the engine decides
 */
gboolean
quotes_alert_read_variant (GVariant *variant, QuotesAlert *fields, GError **error)
{
  gboolean has_kind = FALSE;

  *fields = (QuotesAlert) QUOTES_ALERT_INIT;
  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      g_autoptr (GVariant) value = NULL;
      const char *name = NULL;
      const QuotesAlertMember *known = NULL;

      g_variant_get_child (variant, i, "{&sv}", &name, &value);
      known = quotes_alert_members_find (name);
      if (known == NULL)
        return refuse_unknown (name, error);
      if (!known->is_settable)
        continue;
      if (!read_value (known, value, fields))
        {
          g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT,
                       _ ("“%s” of an alert cannot be that"), known->name);
          return FALSE;
        }
      has_kind = has_kind || known->type == QUOTES_ALERT_MEMBER_KIND;
    }

  if (!has_kind)
    g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT, _ ("An alert needs a “%s”"),
                 "kind");
  return has_kind;
}
