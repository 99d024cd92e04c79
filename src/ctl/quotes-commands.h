/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-invocation.h"

G_BEGIN_DECLS

/* The commands, one file for each group of them. */
int quotes_command_list (QuotesInvocation *invocation,
                         const QuotesCommand *command,
                         int argc,
                         char **argv);
int quotes_command_watch (QuotesInvocation *invocation,
                          const QuotesCommand *command,
                          int argc,
                          char **argv);
int quotes_command_add (QuotesInvocation *invocation,
                        const QuotesCommand *command,
                        int argc,
                        char **argv);
int quotes_command_remove (QuotesInvocation *invocation,
                           const QuotesCommand *command,
                           int argc,
                           char **argv);
int quotes_command_refresh (QuotesInvocation *invocation,
                            const QuotesCommand *command,
                            int argc,
                            char **argv);
int quotes_command_status (QuotesInvocation *invocation,
                           const QuotesCommand *command,
                           int argc,
                           char **argv);
int quotes_command_doctor (QuotesInvocation *invocation,
                           const QuotesCommand *command,
                           int argc,
                           char **argv);
int quotes_command_history (QuotesInvocation *invocation,
                            const QuotesCommand *command,
                            int argc,
                            char **argv);
int quotes_command_export (QuotesInvocation *invocation,
                           const QuotesCommand *command,
                           int argc,
                           char **argv);
int quotes_command_alert (QuotesInvocation *invocation,
                          const QuotesCommand *command,
                          int argc,
                          char **argv);

G_END_DECLS
