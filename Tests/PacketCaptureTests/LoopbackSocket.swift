import Glibc

/// A UDP socket on 127.0.0.1 that sends to itself: traffic with a port of its own.
struct LoopbackSocket: ~Copyable {
  let port: UInt16
  private let descriptor: Int32
  private var address: sockaddr_in

  init() {
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    unsafe withUnsafeMutableBytes(of: &address) { octets in
      guard let base = octets.baseAddress else { return }
      let generic = unsafe base.assumingMemoryBound(to: sockaddr.self)
      unsafe bind(descriptor, generic, length)
      unsafe getsockname(descriptor, generic, &length)
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  /// Sends one datagram of one octet.
  borrowing func send(_ octet: UInt8) {
    var (octet, address) = (octet, address)
    unsafe withUnsafeMutableBytes(of: &address) { octets in
      guard let base = octets.baseAddress else { return }
      let generic = unsafe base.assumingMemoryBound(to: sockaddr.self)
      unsafe sendto(descriptor, &octet, 1, 0, generic, socklen_t(octets.count))
    }
  }
}
