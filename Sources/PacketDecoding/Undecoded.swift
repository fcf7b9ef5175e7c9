/// Why a packet gave no segment: the reasons that are counted.
public enum Undecoded: UInt8, CaseIterable, Sendable {
  case notIP
  case notTCP
  case laterFragment
  case fragmentedHeader
  case truncated
  case invalidHeader
  case unsupportedLinkType
  case unsupportedEncapsulation
  case encrypted
  case nestedTooDeep
}

extension Undecoded: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notIP: "not IP"
    case .notTCP: "IP, but not TCP"
    case .laterFragment: "later IP fragment"
    case .fragmentedHeader: "TCP header cut by IP fragmentation"
    case .truncated: "cut off before the end of the TCP header"
    case .invalidHeader: "invalid header"
    case .unsupportedLinkType: "link type not supported"
    case .unsupportedEncapsulation: "encapsulation not supported"
    case .encrypted: "encrypted"
    case .nestedTooDeep: "nested in too many headers"
    }
  }
}
