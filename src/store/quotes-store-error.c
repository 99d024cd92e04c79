/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-error.h"

G_DEFINE_QUARK (quotes_store_error, quotes_store_error)
