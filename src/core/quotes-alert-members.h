/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

G_BEGIN_DECLS

/* The longest duration that is taken from outside: ten years. */
#define QUOTES_ALERT_SECONDS_MAX G_GINT64_CONSTANT (315360000)

/**
 * QuotesAlertMemberType:
 * @QUOTES_ALERT_MEMBER_TEXT: a text, or %NULL
 * @QUOTES_ALERT_MEMBER_KIND: a #QuotesAlertKind, on the wire its word
 * @QUOTES_ALERT_MEMBER_DIRECTION: a #QuotesAlertDirection, on the wire its word
 * @QUOTES_ALERT_MEMBER_NUMBER: a double, or NAN
 * @QUOTES_ALERT_MEMBER_DURATION: microseconds, on the wire whole seconds
 * @QUOTES_ALERT_MEMBER_FLAG: a gboolean
 * @QUOTES_ALERT_MEMBER_TIME: microseconds since 1970, or 0
 * @QUOTES_ALERT_MEMBER_COUNT: a guint
 */
typedef enum
{
  QUOTES_ALERT_MEMBER_TEXT,
  QUOTES_ALERT_MEMBER_KIND,
  QUOTES_ALERT_MEMBER_DIRECTION,
  QUOTES_ALERT_MEMBER_NUMBER,
  QUOTES_ALERT_MEMBER_DURATION,
  QUOTES_ALERT_MEMBER_FLAG,
  QUOTES_ALERT_MEMBER_TIME,
  QUOTES_ALERT_MEMBER_COUNT,
} QuotesAlertMemberType;

/**
 * QuotesAlertMember:
 * @name: on the wire, in JSON and on the bus alike
 * @type: what it is
 * @offset: where it is in a #QuotesAlert
 * @is_settable: whether the user says it; else the service does
 */
typedef struct
{
  const char *name;
  QuotesAlertMemberType type;
  gsize offset;
  gboolean is_settable;
} QuotesAlertMember;

/* The members of an alert on every wire, in their order: one table, so that JSON and the bus cannot
 * differ. */
const QuotesAlertMember *quotes_alert_members_get (guint *n_members);
const QuotesAlertMember *quotes_alert_members_find (const char *name);

/* What @self has there. */
const char *quotes_alert_member_get_text (const QuotesAlertMember *member, const QuotesAlert *self);
double quotes_alert_member_get_number (const QuotesAlertMember *member, const QuotesAlert *self);
gint64 quotes_alert_member_get_int (const QuotesAlertMember *member, const QuotesAlert *self);
gboolean quotes_alert_member_get_flag (const QuotesAlertMember *member, const QuotesAlert *self);

/* Each returns whether a value of that type can stand there, and only then puts it there; a text is
 * borrowed. */
gboolean quotes_alert_member_set_text (const QuotesAlertMember *member,
                                       QuotesAlert *fields,
                                       const char *text);
gboolean quotes_alert_member_set_number (const QuotesAlertMember *member,
                                         QuotesAlert *fields,
                                         double number);
gboolean quotes_alert_member_set_seconds (const QuotesAlertMember *member,
                                          QuotesAlert *fields,
                                          gint64 seconds);
gboolean quotes_alert_member_set_flag (const QuotesAlertMember *member,
                                       QuotesAlert *fields,
                                       gboolean flag);

G_END_DECLS
