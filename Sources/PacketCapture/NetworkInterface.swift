internal import CPcap
internal import Glibc

/// An interface that packets can be captured on.
package struct NetworkInterface: Equatable, Sendable {
  package var name: String
  /// What libpcap says it is, such as "Pseudo-device that captures on all interfaces".
  package var description: String?
  /// IPv4 and IPv6 addresses as text, in the system's order.
  package var addresses: [String]
  package var isUp: Bool
  package var isRunning: Bool
  package var isLoopback: Bool
  package var isWireless: Bool
}

/// The interfaces of this host.
package enum Interfaces {
  /// All interfaces that libpcap finds, in its order: the likeliest to be wanted come first.
  package static func all() throws(CaptureError) -> [NetworkInterface] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&first, &message) == 0 else {
      throw .cannotListInterfaces(reason: PcapText.string(message))
    }
    defer { unsafe pcap_freealldevs(first) }
    var interfaces: [NetworkInterface] = []
    var next = unsafe first
    while let device = unsafe next {
      unsafe interfaces.append(interface(device.pointee))
      unsafe next = device.pointee.next
    }
    return interfaces
  }

  private static func interface(_ device: pcap_if_t) -> NetworkInterface {
    let flags = unsafe Int32(truncatingIfNeeded: device.flags)
    return unsafe NetworkInterface(
      name: PcapText.string(device.name) ?? "",
      description: PcapText.string(device.description),
      addresses: addresses(device.addresses), isUp: flags & PCAP_IF_UP != 0,
      isRunning: flags & PCAP_IF_RUNNING != 0, isLoopback: flags & PCAP_IF_LOOPBACK != 0,
      isWireless: flags & PCAP_IF_WIRELESS != 0)
  }

  private static func addresses(_ first: UnsafeMutablePointer<pcap_addr>?) -> [String] {
    var texts: [String] = []
    var next = unsafe first
    while let address = unsafe next {
      if let text = unsafe numeric(address.pointee.addr) { texts.append(text) }
      unsafe next = address.pointee.next
    }
    return texts
  }

  /// An IP address as text, with its zone if it has one (`fe80::1%eth0`); nil for other families.
  private static func numeric(_ address: UnsafeMutablePointer<sockaddr>?) -> String? {
    guard let address = unsafe address else { return nil }
    let length: Int
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET: length = MemoryLayout<sockaddr_in>.size
    case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe getnameinfo(
      address, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    return status == 0 ? PcapText.string(text) : nil
  }
}
