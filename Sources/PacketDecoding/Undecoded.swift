/// Why a packet gave no segment: the reasons that are counted.
public enum Undecoded: UInt8, CaseIterable, Sendable {
  case notIP
  case notTCP
  case laterFragment
  case truncated
  case invalidHeader
  case unsupportedLinkType
  case unsupportedEncapsulation
  case encrypted
  case nestedTooDeep
  case missingFragment
  case repeatedFragment
  case contradictoryFragment
  case droppedFragment
}

extension Undecoded: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notIP: "not IP"
    case .notTCP: "IP, but not TCP"
    case .laterFragment: "later fragment of a wireless frame"
    case .truncated: "cut off before the end of the TCP header"
    case .invalidHeader: "invalid header"
    case .unsupportedLinkType: "link type not supported"
    case .unsupportedEncapsulation: "encapsulation not supported"
    case .encrypted: "encrypted"
    case .nestedTooDeep: "nested in too many headers"
    case .missingFragment: "IP fragment of a datagram that lacks others"
    case .repeatedFragment: "IP fragment that came before"
    case .contradictoryFragment: "IP fragment of a datagram with two ends"
    case .droppedFragment: "IP fragment dropped to bound memory"
    }
  }
}
