/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * QuotesMembers:
 * @dictionary: (nullable): an `a{sv}`
 * @object: (nullable): a JSON object
 *
 * The members of one thing, as the bus (@dictionary) or HTTP (@object) brings them: the names are
 * the same (contract 3), so one reader does for both. A member that is absent, null or of another
 * type is unknown. Borrows both.
 */
typedef struct
{
  GVariant *dictionary;
  JsonObject *object;
} QuotesMembers;

/* A copy, since JSON and variants keep their texts differently. NULL = unknown. */
char *quotes_members_dup_text (const QuotesMembers *self, const char *name);
/* NAN = unknown */
double quotes_members_get_number (const QuotesMembers *self, const char *name);
gint64 quotes_members_get_int (const QuotesMembers *self, const char *name, gint64 fallback);
gboolean quotes_members_get_flag (const QuotesMembers *self, const char *name);
/* Microseconds since 1970; 0 = unknown */
gint64 quotes_members_get_time_us (const QuotesMembers *self, const char *name);

G_END_DECLS
