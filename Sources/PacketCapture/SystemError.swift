internal import Glibc

/// The operating system's errors in words.
package enum SystemError {
  /// What `number`, a value of errno, means: "Permission denied".
  package static func text(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let failure = unsafe buffer.withUnsafeMutableBytes { octets -> Int32 in
      let room = octets.count
      guard let start = octets.baseAddress else { return ENOMEM }
      return unsafe strerror_r(number, start.assumingMemoryBound(to: CChar.self), room)
    }
    guard failure == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }
}
