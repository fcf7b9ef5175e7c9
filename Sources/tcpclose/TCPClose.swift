import ArgumentParser

@main
struct TCPClose: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tcpclose",
    abstract: "Tells how TCP connections end: who closed first, who holds TIME-WAIT, why the RST.",
    usage: """
      tcpclose FILE...                 timelines, then the summary
      tcpclose live [-i IFACE]         the same, live; Ctrl-C ends with the summary
      tcpclose explain FILE... --stream N    one connection, with the reason for each claim
      tcpclose interfaces              what can be captured on
      """,
    discussion: """
      FILE is a pcap or pcapng capture, or - for standard input. Frame and stream numbers are \
      Wireshark's, filters are libpcap's, flag letters are tcpdump's.

      EXAMPLES
        tcpclose web.pcap                          every flow's teardown, proof below the verdict
        tcpclose web.pcap -f 'port 443' --summary  who closes first, who is left in TIME-WAIT
        tcpclose web.pcap --stream 7               one flow
        tcpclose a.pcap b.pcap --format jsonl | jq 'select(.outcome=="reset") | .reset'

      COMMON OPTIONS (all of them: tcpclose read --help)
        -f, --filter EXPR     only packets that this libpcap filter takes
        --stream N[,N-M]      only these flows
        --format FORMAT       text, brief, jsonl or json
        --summary             the summary alone
        --profile NAME        how long TIME-WAIT lasts: linux, windows, macos, freebsd, rfc9293, 45s

      EXIT STATUS: 0 done, 2 input unreadable or cut short (what could be read is reported), 64 usage.
      """,
    version: "0.1.0",
    subcommands: [Read.self, Live.self, Explain.self, ListInterfaces.self],
    defaultSubcommand: Read.self)
}
