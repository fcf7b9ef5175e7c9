/// A filter in libpcap's language (pcap-filter(7)), for packets of any link type.
///
/// It is compiled once for each link type, when the first packet of that type comes. A type that
/// libpcap refuses to compile it for matches none of its packets: `refusals` tells of that.
package struct PacketFilter: Sendable {
  /// A link type the filter does not apply to, and how many of its packets were left out.
  package struct Refusal: Equatable, Sendable {
    package var linkType: UInt16
    /// What libpcap says, such as `no VLAN support for NULL`.
    package var reason: String
    package var packets: UInt64
  }

  /// The filter as it was given.
  package let expression: String
  /// The link types met that refuse the filter, in the order they were met.
  package private(set) var refusals: [Refusal] = []

  /// Some packet met was of a link type that takes the filter.
  package private(set) var applied = false

  private var programs: [UInt16: FilterProgram] = [:]
  /// The link type of the last packet: nearly always the next one's too.
  private var recent: UInt16?
  private var recentProgram: FilterProgram?

  /// What an expression is tried on before a packet has come: one that none takes is wrong.
  ///
  /// Ethernet, the cooked and raw types, loopback, Wi-Fi, PPP, OpenBSD's pf log.
  private static let commonLinkTypes: [UInt16] = [
    LinkType.ethernet, LinkType.linuxSLL, LinkType.linuxSLL2, LinkType.raw, LinkType.null,
    LinkType.loop, 105, 127, 9, 50, 51, 117,
  ]

  /// Checks the expression.
  ///
  /// Throws `invalidFilter`, with what libpcap says of it for Ethernet, if neither a common link
  /// type nor one of `linkTypes` takes it.
  package init(_ expression: String, linkTypes: [UInt16] = []) throws(CaptureError) {
    self.expression = expression
    var firstReason: String?
    for linkType in Self.commonLinkTypes + linkTypes {
      do throws(FilterProgram.Refusal) {
        programs[linkType] = try FilterProgram(expression, linkType: linkType)
        return
      } catch {
        firstReason = firstReason ?? error.reason
      }
    }
    throw .invalidFilter(expression: expression, reason: firstReason ?? "")
  }

  /// Whether the packet passes; one of a link type that refuses the filter does not.
  package mutating func matches(_ record: PacketRecord, _ bytes: Span<UInt8>) -> Bool {
    let linkType = Self.effectiveLinkType(record.linkType, bytes)
    if linkType != recent { recall(linkType) }
    if let recentProgram { return recentProgram.matches(record, bytes) }
    if let index = refusals.firstIndex(where: { $0.linkType == linkType }) {
      refusals[index].packets += 1
    }
    return false
  }

  /// Makes the program for `linkType` the one at hand, compiling it if it is new.
  private mutating func recall(_ linkType: UInt16) {
    recent = linkType
    recentProgram = programs[linkType]
    if recentProgram == nil, !refusals.contains(where: { $0.linkType == linkType }) {
      do throws(FilterProgram.Refusal) {
        let program = try FilterProgram(expression, linkType: linkType)
        programs[linkType] = program
        recentProgram = program
      } catch {
        refusals.append(Refusal(linkType: linkType, reason: error.reason, packets: 0))
      }
    }
    if recentProgram != nil { applied = true }
  }

  /// The link type whose program reads this packet right.
  ///
  /// NULL's address family is in the byte order of the host that captured, and libpcap compiles
  /// for our own. LOOP is the same header in network order: it serves a file from the other kind.
  private static func effectiveLinkType(_ linkType: UInt16, _ bytes: Span<UInt8>) -> UInt16 {
    guard linkType == LinkType.null, bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      return linkType
    }
    return LinkType.loop
  }
}
