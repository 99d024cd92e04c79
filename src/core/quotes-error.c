/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-error.h"

G_DEFINE_QUARK (quotes_error, quotes_error)
