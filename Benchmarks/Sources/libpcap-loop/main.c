// The floor: what reading a capture file costs any tool that reads through libpcap.

#include <pcap/pcap.h>
#include <stdio.h>

static void ignore(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
  (void)user;
  (void)header;
  (void)bytes;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: libpcap-loop FILE\n");
    return 64;
  }
  char reason[PCAP_ERRBUF_SIZE];
  pcap_t *capture = pcap_open_offline(argv[1], reason);
  if (capture == NULL) {
    fprintf(stderr, "libpcap-loop: %s\n", reason);
    return 2;
  }
  // On a file this is pcap_loop's own loop, and it tells how many packets there were.
  int packets = pcap_dispatch(capture, -1, ignore, NULL);
  if (packets < 0) {
    fprintf(stderr, "libpcap-loop: %s\n", pcap_geterr(capture));
    return 2;
  }
  printf("%d packets\n", packets);
  pcap_close(capture);
  return 0;
}
