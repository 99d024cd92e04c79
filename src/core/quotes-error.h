/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define QUOTES_ERROR (quotes_error_quark ())
GQuark quotes_error_quark (void);

/**
 * QuotesError:
 * @QUOTES_ERROR_INVALID_INSTRUMENT: no provider could have a thing of this name; the user has to
 *   type another one
 * @QUOTES_ERROR_UNKNOWN_SYMBOL: the list has no instrument of this symbol
 * @QUOTES_ERROR_NO_QUOTE: the instrument is in the list, but no price has come yet; wait
 * @QUOTES_ERROR_LIST_FULL: remove an instrument first
 * @QUOTES_ERROR_LIMITS_EXCEEDED: the caller has too much open; release something first
 * @QUOTES_ERROR_INVALID_ARGUMENT: an argument is too long or not of the kind that was asked for
 * @QUOTES_ERROR_NO_HISTORY: nothing is kept of the past here; only the present can be asked for
 * @QUOTES_ERROR_INVALID_ALERT: there can be no such alert; the message says which member is wrong
 * @QUOTES_ERROR_UNKNOWN_ALERT: there is no alert of this id
 */
typedef enum
{
  QUOTES_ERROR_INVALID_INSTRUMENT,
  QUOTES_ERROR_UNKNOWN_SYMBOL,
  QUOTES_ERROR_NO_QUOTE,
  QUOTES_ERROR_LIST_FULL,
  QUOTES_ERROR_LIMITS_EXCEEDED,
  QUOTES_ERROR_INVALID_ARGUMENT,
  QUOTES_ERROR_NO_HISTORY,
  QUOTES_ERROR_INVALID_ALERT,
  QUOTES_ERROR_UNKNOWN_ALERT,
} QuotesError;

#define QUOTES_N_ERRORS (QUOTES_ERROR_UNKNOWN_ALERT + 1)

G_END_DECLS
