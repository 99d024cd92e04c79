/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-members.h"

#include <math.h>

#include "quotes-json.h"

static GVariant *
lookup (const QuotesMembers *self, const char *name, const GVariantType *type)
{
  return g_variant_lookup_value (self->dictionary, name, type);
}

char *
quotes_members_dup_text (const QuotesMembers *self, const char *name)
{
  g_autoptr (GVariant) value = NULL;

  if (self->object != NULL)
    return g_strdup (quotes_json_object_get_string (self->object, name));

  value = lookup (self, name, G_VARIANT_TYPE_STRING);
  return value != NULL ? g_variant_dup_string (value, NULL) : NULL;
}

double
quotes_members_get_number (const QuotesMembers *self, const char *name)
{
  g_autoptr (GVariant) value = NULL;

  if (self->object != NULL)
    return quotes_json_object_get_number (self->object, name);

  value = lookup (self, name, G_VARIANT_TYPE_DOUBLE);
  return value != NULL ? g_variant_get_double (value) : (double) NAN;
}

static gint64
read_integer (GVariant *value, gint64 fallback)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT32:
      return g_variant_get_int32 (value);
    case G_VARIANT_CLASS_UINT32:
      return g_variant_get_uint32 (value);
    case G_VARIANT_CLASS_INT64:
      return g_variant_get_int64 (value);
    default:
      return fallback;
    }
}

gint64
quotes_members_get_int (const QuotesMembers *self, const char *name, gint64 fallback)
{
  g_autoptr (GVariant) value = NULL;
  gint64 number = fallback;

  if (self->object != NULL)
    return quotes_json_object_get_int (self->object, name, &number) ? number : fallback;

  value = lookup (self, name, NULL);
  return value != NULL ? read_integer (value, fallback) : fallback;
}

gboolean
quotes_members_get_flag (const QuotesMembers *self, const char *name)
{
  g_autoptr (GVariant) value = NULL;
  gboolean flag = FALSE;

  if (self->object != NULL)
    return quotes_json_object_get_boolean (self->object, name, &flag) && flag;

  value = lookup (self, name, G_VARIANT_TYPE_BOOLEAN);
  return value != NULL && g_variant_get_boolean (value);
}

gint64
quotes_members_get_time_us (const QuotesMembers *self, const char *name)
{
  const char *text = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (self->object == NULL)
    return quotes_members_get_int (self, name, 0);

  text = quotes_json_object_get_string (self->object, name);
  if (text != NULL)
    time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return 0;

  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}
