/// What the first octets of a payload say about a close: HTTP/1.x in clear text, or TLS.
///
/// Nothing else of a payload is looked at, and nothing of it is kept.
public struct PayloadHint: Equatable, Sendable {
  public struct Kinds: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The head of an HTTP/1.x request or response.
    @inlinable public static var http: Self { Self(rawValue: 1 << 0) }
    /// It is of version 1.0, where a connection ends with the response (RFC 9112 §9.3).
    @inlinable public static var http10: Self { Self(rawValue: 1 << 1) }
    /// `Connection: close` (RFC 9112 §9.6).
    @inlinable public static var connectionClose: Self { Self(rawValue: 1 << 2) }
    /// `Connection: keep-alive`, which holds an HTTP/1.0 connection open.
    @inlinable public static var connectionKeepAlive: Self { Self(rawValue: 1 << 3) }
    /// `Keep-Alive: timeout=` with a number, which `seconds` holds.
    @inlinable public static var keepAliveTimeout: Self { Self(rawValue: 1 << 4) }
    /// A TLS record (RFC 8446 §5.1).
    @inlinable public static var tls: Self { Self(rawValue: 1 << 5) }
    /// A TLS record that is, or has just the size of, an alert: before a FIN it is close_notify.
    @inlinable public static var tlsAlert: Self { Self(rawValue: 1 << 6) }
  }

  public var kinds: Kinds
  /// Of `Keep-Alive: timeout=`, held at its greatest value.
  public var seconds: UInt16

  @inlinable @inline(__always)
  public init(kinds: Kinds = Kinds(rawValue: 0), seconds: UInt16 = 0) {
    self.kinds = kinds
    self.seconds = seconds
  }

  @inlinable @inline(__always)
  public var isEmpty: Bool { kinds.rawValue == 0 }
}

extension PayloadHint {
  /// Looks at `payload`, as much of it as was captured.
  @inline(__always)
  init(decoding payload: Span<UInt8>) {
    self.init()
    guard payload.count >= 8, Self.mayBegin(with: payload[0]) else { return }
    if payload[0] < 0x18 { decodeTLS(payload) } else { decodeHTTP(payload) }
  }

  /// Whether a payload that tells something may begin with `octet`: a TLS record's type, or a letter
  /// of an HTTP head.
  ///
  /// It turns away nearly every other payload.
  @inlinable @inline(__always)
  static func mayBegin(with octet: UInt8) -> Bool {
    switch octet {
    case 0x14...0x17, 0x43, 0x44, 0x47, 0x48, 0x4F, 0x50: true
    default: false
    }
  }

  /// A record's type, version 3.x, and length: an alert has 2 octets, and up to 24 more when it is
  /// encrypted (RFC 5246 §6.2.3); in TLS 1.3 it is hidden in a record of just 19 (RFC 8446 §5.4).
  private mutating func decodeTLS(_ payload: Span<UInt8>) {
    guard payload[1] == 3, payload[2] <= 4 else { return }
    kinds.insert(.tls)
    let length = payload.uint16(at: 3)
    let isAlert = payload[0] == 0x15 && (length == 2 || (18...64).contains(length))
    if isAlert || (payload[0] == 0x17 && length == 19) { kinds.insert(.tlsAlert) }
  }

  private static let methods = ["GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "CONN"]

  /// The head of an HTTP/1.x message, as far as it was captured.
  ///
  /// Never inlined: few payloads come this far.
  @inline(never)
  private mutating func decodeHTTP(_ payload: Span<UInt8>) {
    let isResponse = payload.hasText("HTTP/1.", at: 0)
    guard isResponse || Self.methods.contains(where: { payload.hasText($0, at: 0) }) else { return }
    guard let line = payload.endOfLine(from: 0) else { return }
    if isResponse {
      kinds.insert(payload[7] == UInt8(ascii: "0") ? [.http, .http10] : .http)
    } else {
      guard line >= 9, payload.hasText("HTTP/1.", at: line - 8) else { return }
      kinds.insert(payload[line - 1] == UInt8(ascii: "0") ? [.http, .http10] : .http)
    }
    decodeFields(payload, from: line + 2)
  }

  private mutating func decodeFields(_ payload: Span<UInt8>, from start: Int) {
    var start = start
    while let end = payload.endOfLine(from: start), end > start {
      if payload.hasText("connection:", at: start) {
        if payload.contains("close", in: start..<end) { kinds.insert(.connectionClose) }
        if payload.contains("keep-alive", in: start..<end) { kinds.insert(.connectionKeepAlive) }
      } else if payload.hasText("keep-alive:", at: start),
        let value = payload.place(of: "timeout=", in: start..<end)
      {
        kinds.insert(.keepAliveTimeout)
        seconds = payload.number(from: value + 8, to: end)
      }
      start = end + 2
    }
  }
}

extension Span<UInt8> {
  /// Whether `text`, of ASCII letters whose case does not matter, stands at `offset`.
  fileprivate func hasText(_ text: String, at offset: Int) -> Bool {
    var offset = offset
    for letter in text.utf8 {
      guard offset < count else { return false }
      let isLetter = (0x41...0x5A).contains(self[offset])
      let wanted = (0x41...0x5A).contains(letter) ? letter | 0x20 : letter
      guard (isLetter ? self[offset] | 0x20 : self[offset]) == wanted else { return false }
      offset += 1
    }
    return true
  }

  /// The first place of `text` in `range`.
  fileprivate func place(of text: String, in range: Range<Int>) -> Int? {
    range.first { hasText(text, at: $0) && $0 + text.utf8.count <= range.upperBound }
  }

  fileprivate func contains(_ text: String, in range: Range<Int>) -> Bool {
    place(of: text, in: range) != nil
  }

  /// Where the CR LF stands that ends the line which begins at `start`; nil where it was cut off.
  fileprivate func endOfLine(from start: Int) -> Int? {
    var offset = start
    while offset + 1 < count {
      if self[offset] == 0x0D, self[offset + 1] == 0x0A { return offset }
      offset += 1
    }
    return nil
  }

  /// The decimal number at `start`, held at 65,535.
  fileprivate func number(from start: Int, to end: Int) -> UInt16 {
    var number: UInt32 = 0
    var offset = start
    while offset < end, (0x30...0x39).contains(self[offset]) {
      number = Swift.min(number * 10 + UInt32(self[offset] & 0x0F), 65_535)
      offset += 1
    }
    return UInt16(number)
  }
}
