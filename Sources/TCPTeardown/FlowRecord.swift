package import PacketDecoding

/// One flow, told: what the record of it says, whatever the format.
package struct FlowRecord: Sendable {
  /// Why the record was written now.
  package enum Written: String, CaseIterable, Sendable {
    case closed, superseded
    case captureEnd = "capture-end"
    case evicted
  }

  /// What the flow showed, in the record's order.
  package struct Seen: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let syn = Self(rawValue: 1 << 0)
    package static let synAck = Self(rawValue: 1 << 1)
    package static let ack = Self(rawValue: 1 << 2)
    package static let data = Self(rawValue: 1 << 3)
    package static let fin = Self(rawValue: 1 << 4)
    package static let rst = Self(rawValue: 1 << 5)

    package static let names: [(Seen, String)] = [
      (.syn, "SYN"), (.synAck, "SYN-ACK"), (.ack, "ACK"), (.data, "DATA"), (.fin, "FIN"),
      (.rst, "RST"),
    ]
  }

  /// Wireshark's `tcp.stream`.
  package var stream: Int
  /// False for a settled flow that the live view shows before it is final.
  package var isFinal: Bool
  package var written: Written
  package var client: Endpoint
  package var server: Endpoint
  /// Whether a SYN or SYN-ACK told the roles.
  package var rolesAreObserved: Bool
  /// The earliest and latest stamp of the flow's frames, in nanoseconds since the Unix epoch.
  package var start: Int64
  package var end: Int64
  package var firstFrame: Int
  package var lastFrame: Int
  package var packets: PerSide<Int>
  package var payloadOctets: PerSide<UInt64>
  /// The sequence number of either side's SYN, known or worked out: relative numbers count from it.
  package var initialNumbers: PerSide<SequenceNumber>
  package var seen: Seen
  package var teardown: Teardown
  package var handshake: Handshake
  /// The evidence in the order in which it was captured.
  package var evidence: [Observation]
  package var closing: ClosingContext
  var zeek: ZeekWords

  /// Zeek's `conn_state` and `history` for the same segments.
  package var zeekConnectionState: String {
    zeek.connectionState(hasPayload: payloadOctets.client > 0 || payloadOctets.server > 0)
  }
  package var zeekHistory: String { zeek.historyText }
  /// The octets of `zeekHistory`, and zeros: to make a string of them costs more than to write it.
  package var zeekHistoryLetters: SIMD32<UInt8> { zeek.historyLetters }
  package var zeekHistoryLength: Int { zeek.historyLength }
}
