/// What help teaches beyond the list of options; every line fits in 80 columns as it stands.
enum HelpText {
  static let usage = """
    tcpclose FILE...              how every connection ended, then a summary
    tcpclose live [-i IFACE]      the same as it happens; Ctrl-C ends it
    tcpclose explain FILE... --stream N
                                  one connection, every claim with its reason
    tcpclose ports FILE...        clients' ports, and when they run out
    tcpclose interfaces           what can be captured on
    """

  static let root = """
    FILE is a pcap or pcapng capture, compressed or not, or a folder of them; - is
    standard input, and several files are read as one. Frame and stream numbers are
    Wireshark's, filters are libpcap's, flag letters are tcpdump's. Every claim
    bears its grade (observed, inferred, assumed or unknown) and the frames that
    show it.

    EXAMPLES
      How did each connection end, and which frames prove it?
        tcpclose web.pcap
      Who closes first on port 443, and where does TIME-WAIT pile up?
        tcpclose web.pcap -f 'port 443' --summary
      Which connections were reset? A line each, then one of them in full.
        tcpclose web.pcap --outcome reset --format brief
        tcpclose web.pcap --stream 7
      When does a client run out of ports, and would a setting help?
        tcpclose ports web.pcap
      What caused the resets in a ring of captures?
        tcpclose ring*.pcap --format jsonl | jq -r '.reset.cause // empty' |
          sort | uniq -c
      A page to look through, which works from disk
        tcpclose web.pcap --format html -o web.html

    COMMON OPTIONS ('tcpclose read --help' has them all)
      -f, --filter EXPR       packets that match this libpcap filter
      --stream N[,N-M]        these flows; also --host, --outcome, --closed-by,
                              --time-wait, --finding and --reset
      --format FORMAT         text, brief, csv, jsonl, json, or html: a page with
                              charts, tables and a ladder diagram a flow
      --summary               the summary alone
      --sort ORDER --limit N  the first by harm, duration, close-wait, ...
      -w FILE                 the packets of these flows, as a capture
      --fail-on LIST          exit status 1 for what a release must not show
      --profile NAME          how long TIME-WAIT lasts: linux, windows, macos,
                              freebsd, rfc9293, or a duration such as 45s

    EXIT STATUS
      0   done
      1   a rule of --fail-on matched
      2   input unreadable or cut short, or packets (-w) that cannot be written;
          what could be read is reported first; it wins over 1
      64  the command line is wrong
      74  the report cannot be written
    """

  static let read = """
    Several files are read as one capture, in time order: the files of a ring, of
    a folder (by name, without hidden ones and further folders), of several hosts.
    Compressed ones (gzip, zstd, lz4) are told by their contents. With --follow a
    file is read as it grows, and each flow told as 'tcpclose live' tells it. Up to
    100 timelines are printed, those of the most harmful flows; --all prints every
    one, --format brief a line for each.

    EXAMPLES
      tcpclose web.pcap                          every timeline, then the summary
      tcpclose web.pcap -f 'host 192.0.2.1'      packets of one host only
      tcpclose web.pcap --time-wait server       who left the server in TIME-WAIT
      tcpclose web.pcap --finding close-wait-leak
      tcpclose ring/ --summary                   all captures of a folder
      tcpclose a.pcap b.pcap --separate --format brief
      tcpclose web.pcap --format brief --sort close-wait --limit 10
      tcpclose web.pcap --summary --fail-on close-wait-leak,port-budget=80%

    PACKETS OF SOME FLOWS (-w; docs/carving.md)
      tcpclose web.pcap --stream 7 -w 7.pcap     for Wireshark, octet by octet
      tcpclose ring*.pcap --host 192.0.2.1 -w host.pcap --summary
      tcpclose web.pcap --outcome reset -w - | tshark -r -
    The file is pcap, or pcapng if its name or its packets ask for that. All flows,
    --host and -f take one pass; what is known only when a flow has ended takes
    two, and files. With -w - packets take the place of the report, unless that
    goes to a file (-o).
    """

  static let live = """
    The interface is opened as root (or with CAP_NET_RAW); then root is given up
    for good, before the first packet is decoded. Ctrl-C, -c or --duration ends it
    with the summary and the number of packets lost. A flow is told half a second
    after it settled, and again, marked, if what comes later changes the verdict.
    With --format jsonl or csv its record comes then, not final, and when it is.

    EXAMPLES
      sudo tcpclose live                         all interfaces, all ports
      sudo tcpclose live -i eth0 -f 'port 443' --format brief
      sudo tcpclose live --duration 10m --summary
      sudo tcpclose live --outcome reset
      sudo tcpclose live -w seen.pcap            records all packets, too
    """

  static let explain = """
    Every state of either side comes with its rule, grade and frames, with the
    bounds of its time where that is a best guess, and with the reason in plain
    words. What the packets do not prove comes with what would settle it.
    docs/inference.md has the rules by number.

    EXAMPLES
      tcpclose web.pcap --format brief           the connections by number
      tcpclose explain web.pcap --stream 7       one of them
      tcpclose explain ring*.pcap --stream 7     frames are told by file, too
    """

  static let ports = """
    A client's port is held towards one address and port from the SYN until the
    client is CLOSED, TIME-WAIT included, and there are only so many. For each
    client and destination: ports held and in TIME-WAIT over time, the most at one
    time and when, connections a second against what the ports sustain, and what
    comes of it if that goes on. TIME-WAIT at servers takes none: it is told apart.

    EXAMPLES
      tcpclose ports web.pcap                    every client and destination
      tcpclose ports web.pcap --host 192.0.2.1   one host's
      tcpclose ports web.pcap --ephemeral-ports 1024-65535 --profile windows
      tcpclose ports ring*.pcap --format json    docs/schema/ports.schema.json
    """

  static let interfaces = """
    Any of the names goes with 'tcpclose live -i'.
    """
}
