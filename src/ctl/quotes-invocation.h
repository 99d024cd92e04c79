/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client.h"
#include "quotes-exit.h"
#include "quotes-style.h"

G_BEGIN_DECLS

typedef enum
{
  QUOTES_COLOR_AUTO,
  QUOTES_COLOR_ALWAYS,
  QUOTES_COLOR_NEVER,
} QuotesColor;

/**
 * QuotesInvocation:
 * @address: (nullable): `--address`
 * @color: `--color`
 * @version: `--version`
 *
 * The options that may stand before or after the name of a command.
 */
typedef struct
{
  char *address;
  QuotesColor color;
  gboolean version;
} QuotesInvocation;

typedef struct _QuotesCommand QuotesCommand;

/**
 * QuotesCommand:
 * @name: what the user types
 * @arguments: (nullable): what may follow it, for the help; to be translated
 * @summary: one line for the help; to be translated
 * @run: does it; gets its own name as the first argument, returns an exit code
 * @details: (nullable): more of it, below the options of its help; to be translated
 */
struct _QuotesCommand
{
  const char *name;
  const char *arguments;
  const char *summary;
  int (*run) (QuotesInvocation *invocation, const QuotesCommand *command, int argc, char **argv);
  const char *details;
};

void quotes_invocation_clear (QuotesInvocation *self);
void quotes_invocation_add_options (QuotesInvocation *self, GOptionContext *context);
gboolean quotes_invocation_parse (QuotesInvocation *self,
                                  const QuotesCommand *command,
                                  const GOptionEntry *entries,
                                  int argc,
                                  char **argv);
QuotesPalette quotes_invocation_get_palette (const QuotesInvocation *self, gboolean is_bar);
QuotesClient *quotes_invocation_open (const QuotesInvocation *self, GError **error);

/* Each says on standard error what went wrong and returns the exit code for it. */
int quotes_invocation_fail (const GError *error, const char *argument);
int quotes_invocation_fail_usage (const QuotesCommand *command, const char *message);
/* Each writes to standard output and returns the exit code. */
int quotes_invocation_print (const char *text);
int quotes_invocation_print_raw (const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesInvocation, quotes_invocation_clear)

G_END_DECLS
