internal import PacketDecoding
internal import TCPTeardown

extension FlowRecord {
  /// What shows the flow in Wireshark: its stream number, or where that is another than Wireshark's
  /// its ends, which others may have, too; in parts that a line may end behind.
  func displayFilter(_ options: ReportOptions) -> [String] {
    if options.streamsAreWiresharks { return ["tcp.stream==\(stream)"] }
    let field = client.address.isIPv6 ? "ipv6.addr" : "ip.addr"
    return [
      "\(field)==\(client.address) &&", "\(field)==\(server.address) &&",
      "tcp.port==\(client.port) &&", "tcp.port==\(server.port)",
    ]
  }
}
