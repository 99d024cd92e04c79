/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "load-sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel fills at most 32 KiB of a dump at once. */
#define ANSWER_SIZE (64 * 1024)

static guint32
sum_memory (const guint32 *memory)
{
  return memory[SK_MEMINFO_RMEM_ALLOC] + memory[SK_MEMINFO_WMEM_QUEUED] +
         memory[SK_MEMINFO_FWD_ALLOC] + memory[SK_MEMINFO_OPTMEM];
}

/* The kernel's own macros cast a char pointer, which clang does not like. */
static const void *
get_after (const void *here, int length)
{
  return (const char *) here + length;
}

static void
report_socket (const struct nlmsghdr *header, guint16 port, LoadSocketFunc func, gpointer user_data)
{
  const struct inet_diag_msg *message = NLMSG_DATA (header);
  const struct rtattr *attribute = get_after (message, (int) NLMSG_ALIGN (sizeof *message));
  int length = (int) header->nlmsg_len - (int) NLMSG_LENGTH (sizeof *message);
  LoadSocket found = {
    .peer_port = ntohs (message->id.idiag_dport),
    .is_established = message->idiag_state == TCP_ESTABLISHED,
    .n_unsent = message->idiag_wqueue,
  };

  if (ntohs (message->id.idiag_sport) != port || message->idiag_state == TCP_LISTEN)
    return;
  while (RTA_OK (attribute, length))
    {
      int step = (int) RTA_ALIGN (attribute->rta_len);

      if (attribute->rta_type == INET_DIAG_SKMEMINFO &&
          RTA_PAYLOAD (attribute) >= sizeof (guint32) * (SK_MEMINFO_OPTMEM + 1))
        found.kernel_bytes = sum_memory (RTA_DATA (attribute));
      attribute = get_after (attribute, step);
      length -= step;
    }
  func (&found, user_data);
}

/* Returns: FALSE at the end of the dump */
static gboolean
read_answer (int fd, char *bytes, guint16 port, LoadSocketFunc func, gpointer user_data)
{
  gssize n = recv (fd, bytes, ANSWER_SIZE, 0);
  unsigned int left = n > 0 ? (unsigned int) n : 0;
  const struct nlmsghdr *header = (const void *) bytes;

  if (n <= 0)
    return n < 0 && errno == EINTR;
  while (NLMSG_OK (header, left))
    {
      unsigned int step = NLMSG_ALIGN (header->nlmsg_len);

      if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return FALSE;
      report_socket (header, port, func, user_data);
      header = get_after (header, (int) step);
      left -= MIN (left, step);
    }

  return TRUE;
}

/**
 * load_sockets_foreach:
 *
 * /proc/net/sockstat knows only the sum over all sockets of the machine, both ends together; the
 * kernel's socket diagnosis knows each one.
 *
 * Returns: FALSE when the kernel does not answer
 */
gboolean
load_sockets_foreach (guint16 port, LoadSocketFunc func, gpointer user_data)
{
  struct
  {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
  } question = {
    .header =
      {
        .nlmsg_len = sizeof question,
        .nlmsg_type = SOCK_DIAG_BY_FAMILY,
        .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
      },
    .request =
      {
        .sdiag_family = AF_INET,
        .sdiag_protocol = IPPROTO_TCP,
        .idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1),
        .idiag_states = ~0u,
        .id.idiag_sport = htons (port),
      },
  };
  g_autofree char *bytes = g_malloc (ANSWER_SIZE);
  int fd = socket (AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  gboolean is_asked =
    fd >= 0 && send (fd, &question, sizeof question, 0) == (gssize) sizeof question;

  while (is_asked && read_answer (fd, bytes, port, func, user_data))
    continue;
  if (fd >= 0)
    close (fd);

  return is_asked;
}
