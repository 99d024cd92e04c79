/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-alert-wire.h"

#include <glib/gi18n.h>

#include "quotes-alert-members.h"
#include "quotes-alerts-client.h"
#include "quotes-json.h"
#include "quotes-members.h"

static gpointer
refuse (GError **error)
{
  g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                       _ ("The service gave an answer that cannot be understood"));
  return NULL;
}

/* Whether there is such a member at all. */
static gboolean
is_known (const QuotesMembers *members, const char *name)
{
  g_autoptr (GVariant) value = NULL;

  if (members->object != NULL)
    return json_object_has_member (members->object, name) &&
           !json_object_get_null_member (members->object, name);
  value = g_variant_lookup_value (members->dictionary, name, NULL);
  return value != NULL;
}

/* Its text is of @texts. */
static gboolean
read_text (const QuotesMembers *members,
           const QuotesAlertMember *member,
           GStringChunk *texts,
           QuotesAlert *fields)
{
  g_autofree char *text = quotes_members_dup_text (members, member->name);

  return text != NULL &&
         quotes_alert_member_set_text (member, fields, g_string_chunk_insert (texts, text));
}

static gboolean
read_flag (const QuotesMembers *members, const QuotesAlertMember *member, QuotesAlert *fields)
{
  gboolean flag = FALSE;
  g_autoptr (GVariant) value = NULL;

  if (members->object != NULL)
    return quotes_json_object_get_boolean (members->object, member->name, &flag) &&
           quotes_alert_member_set_flag (member, fields, flag);
  value = g_variant_lookup_value (members->dictionary, member->name, G_VARIANT_TYPE_BOOLEAN);
  return value != NULL &&
         quotes_alert_member_set_flag (member, fields, g_variant_get_boolean (value));
}

static gboolean
read_member (const QuotesMembers *members,
             const QuotesAlertMember *member,
             GStringChunk *texts,
             QuotesAlert *fields)
{
  gint64 value = 0;

  switch (member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      return quotes_alert_member_set_number (member, fields,
                                             quotes_members_get_number (members, member->name));
    case QUOTES_ALERT_MEMBER_DURATION:
      return quotes_alert_member_set_seconds (member, fields,
                                              quotes_members_get_int (members, member->name, -1));
    case QUOTES_ALERT_MEMBER_FLAG:
      return read_flag (members, member, fields);
    case QUOTES_ALERT_MEMBER_TIME:
      value = quotes_members_get_time_us (members, member->name);
      G_STRUCT_MEMBER (gint64, fields, member->offset) = value;
      return value > 0;
    case QUOTES_ALERT_MEMBER_COUNT:
      value = quotes_members_get_int (members, member->name, -1);
      G_STRUCT_MEMBER (guint, fields, member->offset) = (guint) CLAMP (value, 0, G_MAXINT);
      return value >= 0;
    case QUOTES_ALERT_MEMBER_TEXT:
    case QUOTES_ALERT_MEMBER_KIND:
    case QUOTES_ALERT_MEMBER_DIRECTION:
    default:
      return read_text (members, member, texts, fields);
    }
}

/* Returns: (transfer full) (nullable): the alert; without an id, a kind and a subject there is none
 */
static QuotesAlert *
read_alert (const QuotesMembers *members)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (GStringChunk) texts = g_string_chunk_new (256);
  guint n_members = 0;
  const QuotesAlertMember *known = quotes_alert_members_get (&n_members);
  const char *subject = NULL;

  for (guint i = 0; i < n_members; i++)
    if (is_known (members, known[i].name) && !read_member (members, &known[i], texts, &fields))
      return NULL;

  subject = fields.kind == QUOTES_ALERT_PROVIDER ? fields.provider : fields.symbol;
  if (fields.id == NULL || *fields.id == '\0' || !is_known (members, "kind") || subject == NULL)
    return NULL;
  return quotes_alert_new (&fields);
}

static GPtrArray *
new_alerts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
}

static gboolean
append_alert (GPtrArray *alerts, const QuotesMembers *members)
{
  QuotesAlert *alert = alerts->len < QUOTES_ALERTS_CLIENT_MAX ? read_alert (members) : NULL;

  if (alert == NULL)
    return FALSE;
  g_ptr_array_add (alerts, alert);
  return TRUE;
}

/* Returns: (transfer full) (nullable) (element-type QuotesAlert): in the same order */
GPtrArray *
quotes_alerts_read_json (JsonArray *array, GError **error)
{
  g_autoptr (GPtrArray) alerts = new_alerts ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const QuotesMembers members = {
        .object = quotes_json_get_object (json_array_get_element (array, i)),
      };

      if (members.object == NULL || !append_alert (alerts, &members))
        return refuse (error);
    }
  return g_steal_pointer (&alerts);
}

/**
 * quotes_alerts_read_variant:
 * @dictionaries: an `aa{sv}`
 *
 * Returns: (transfer full) (nullable) (element-type QuotesAlert): in the same order
 */
GPtrArray *
quotes_alerts_read_variant (GVariant *dictionaries, GError **error)
{
  g_autoptr (GPtrArray) alerts = new_alerts ();

  for (gsize i = 0; i < g_variant_n_children (dictionaries); i++)
    {
      g_autoptr (GVariant) dictionary = g_variant_get_child_value (dictionaries, i);
      const QuotesMembers members = {.dictionary = dictionary};

      if (!append_alert (alerts, &members))
        return refuse (error);
    }
  return g_steal_pointer (&alerts);
}

static void
append_json_value (const QuotesAlertMember *member, const QuotesAlert *fields, GString *out)
{
  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      quotes_json_append_number (out, quotes_alert_member_get_number (member, fields));
      break;
    case QUOTES_ALERT_MEMBER_FLAG:
      g_string_append (out, quotes_alert_member_get_flag (member, fields) ? "true" : "false");
      break;
    case QUOTES_ALERT_MEMBER_DURATION:
      g_string_append_printf (out, "%" G_GINT64_FORMAT,
                              quotes_alert_member_get_int (member, fields));
      break;
    default:
      quotes_json_append_string (out, quotes_alert_member_get_text (member, fields));
      break;
    }
}

/* Returns: (transfer floating) (nullable): %NULL = unknown */
static GVariant *
make_value (const QuotesAlertMember *member, const QuotesAlert *fields)
{
  const char *text = NULL;
  double number = NAN;

  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      number = quotes_alert_member_get_number (member, fields);
      return isfinite (number) ? g_variant_new_double (number) : NULL;
    case QUOTES_ALERT_MEMBER_FLAG:
      return g_variant_new_boolean (quotes_alert_member_get_flag (member, fields));
    case QUOTES_ALERT_MEMBER_DURATION:
      return g_variant_new_int32 ((gint32) quotes_alert_member_get_int (member, fields));
    default:
      text = quotes_alert_member_get_text (member, fields);
      return text != NULL ? g_variant_new_string (text) : NULL;
    }
}

/* Returns: (transfer full): an object; what is unknown is null */
char *
quotes_alert_write_json (const QuotesAlert *fields)
{
  guint n_members = 0;
  const QuotesAlertMember *known = quotes_alert_members_get (&n_members);
  GString *out = g_string_new ("{");

  for (guint i = 0; i < n_members; i++)
    if (known[i].is_settable)
      {
        g_string_append_printf (out, "%s\"%s\":", out->len > 1 ? "," : "", known[i].name);
        append_json_value (&known[i], fields, out);
      }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* Returns: (transfer floating): an `a{sv}`, in which what is unknown is absent */
GVariant *
quotes_alert_write_variant (const QuotesAlert *fields)
{
  guint n_members = 0;
  const QuotesAlertMember *known = quotes_alert_members_get (&n_members);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < n_members; i++)
    {
      GVariant *value = known[i].is_settable ? make_value (&known[i], fields) : NULL;

      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", known[i].name, value);
    }
  return g_variant_builder_end (&builder);
}
