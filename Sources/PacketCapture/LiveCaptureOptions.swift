/// How to capture on an interface.
package struct LiveCaptureOptions: Equatable, Sendable {
  /// The interface's name; `any` is all of them.
  package var interface = "any"
  /// Octets kept of each packet: all headers, and room for tunnels, at little cost.
  package var snapLength: Int32 = 256
  /// Also take packets that are for other hosts; `any` knows no such mode.
  package var isPromiscuous = true
  /// Octets of the kernel's buffer for packets not yet read.
  package var bufferSize: Int32 = 16 << 20
  /// A filter in libpcap's language, applied by the kernel; nil for every packet.
  package var filter: String?

  package init() {}
}
