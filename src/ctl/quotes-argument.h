/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people type, read strictly: all of a text has to be understood. Numbers are those of the C
 * locale, as in every other program that takes them on its command line. */

/* `90s`, `15m`, `1h`, `2d`, `1w`: a whole number and a unit, more than nothing, at most ten years
 */
gboolean quotes_argument_read_duration (const char *text, gint64 *duration_us);
/* Of negative numbers for people, U+2212; taken, too. */
#define QUOTES_ARGUMENT_MINUS "\u2212"
/* `2400.5`, `-3` */
gboolean quotes_argument_read_number (const char *text, double *number);
/* `1.5` or `1.5%`, more than 0 */
gboolean quotes_argument_read_percent (const char *text, double *percent);
/* `2026-02-17`, `2026-02-17T09:30`, with a zone or where @zone is, or a duration: so long before
 * @now_us. Microseconds since 1970. */
gboolean quotes_argument_read_since (const char *text,
                                     GTimeZone *zone,
                                     gint64 now_us,
                                     gint64 *since_us);

G_END_DECLS
