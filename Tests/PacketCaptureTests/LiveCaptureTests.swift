import Foundation
import Glibc
import PacketCapture
import Testing

@Suite("Live capture")
struct LiveCaptureTests {
  static let isRoot = geteuid() == 0

  private func options(_ interface: String, _ filter: String?) -> LiveCaptureOptions {
    var options = LiveCaptureOptions()
    options.interface = interface
    options.filter = filter
    return options
  }

  /// Steps until `count` packets came, or 5 s passed; gives their last octets.
  private func collect(_ count: Int, from live: inout LiveCapture) throws -> [UInt8] {
    var octets: [UInt8] = []
    let deadline = ContinuousClock.now + .seconds(5)
    while octets.count < count, ContinuousClock.now < deadline {
      guard try live.next() == .packets else { continue }
      octets += live.packets.compactMap(\.data.last)
    }
    return octets
  }

  @Test("a packet arrives soon after it was sent", .enabled(if: isRoot, "needs root"))
  func latency() throws {
    let socket = LoopbackSocket()
    var live = try LiveCapture(options("lo", "udp port \(socket.port)"))
    for octet: UInt8 in 1...3 {
      let sent = ContinuousClock.now
      socket.send(octet)
      #expect(try collect(1, from: &live) == [octet])
      #expect(ContinuousClock.now - sent < .milliseconds(500))
      let time = try #require(live.records.first).time
      let age = Date.now.timeIntervalSince1970 - Double(time) / 1e9
      #expect((0..<0.5).contains(age))
    }
    #expect(live.linkType == 1)
    let record = try #require(live.records.first)
    #expect(record.originalLength == 43 && record.capturedLength == 43 && record.linkType == 1)
    #expect(live.statistics().received >= 3)
  }

  @Test("all interfaces together name the interface", .enabled(if: isRoot, "needs root"))
  func any() throws {
    let socket = LoopbackSocket()
    var live = try LiveCapture(options("any", "udp port \(socket.port)"))
    socket.send(7)
    #expect(try collect(1, from: &live) == [7])
    #expect(live.linkType == LinkType.linuxSLL2)
  }

  @Test("without packets the caller gets a turn every 100 ms", .enabled(if: isRoot, "needs root"))
  func idle() throws {
    var live = try LiveCapture(options("lo", "ip proto 253"))
    let begin = ContinuousClock.now
    for _ in 0..<3 { #expect(try live.next() == .idle) }
    #expect((.milliseconds(290) ... .seconds(2)).contains(ContinuousClock.now - begin))
  }

  @Test("a packet is cut to the snap length", .enabled(if: isRoot, "needs root"))
  func snapLength() throws {
    let socket = LoopbackSocket()
    var options = options("lo", "udp port \(socket.port)")
    options.snapLength = 40
    var live = try LiveCapture(options)
    socket.send(1)
    #expect(try collect(1, from: &live).count == 1)
    let record = try #require(live.records.first)
    #expect(record.capturedLength == 40 && record.originalLength == 43)
  }

  @Test(
    "a stop from another thread ends it, after what was captured before",
    .enabled(if: isRoot, "needs root"))
  func stop() throws {
    let socket = LoopbackSocket()
    var live = try LiveCapture(options("lo", "udp port \(socket.port)"))
    for octet: UInt8 in 1...5 { socket.send(octet) }
    let stopping = live.stopping
    Thread.detachNewThread { stopping.stop() }
    var octets: [UInt8] = []
    var step = try live.next()
    while step != .end {
      if step == .packets { octets += live.packets.compactMap(\.data.last) }
      step = try live.next()
    }
    #expect(octets == [1, 2, 3, 4, 5])
    #expect(try live.next() == .end)
    let isEmpty = live.isEmpty
    #expect(isEmpty)
  }

  @Test("a stop wakes a capture that waits", .enabled(if: isRoot, "needs root"))
  func stopWhileWaiting() throws {
    var live = try LiveCapture(options("lo", "ip proto 253"))
    live.stopping.stop()
    live.stopping.stop()
    let begin = ContinuousClock.now
    #expect(try live.next() == .end)
    #expect(ContinuousClock.now - begin < .seconds(1))
  }

  @Test("an interface that goes away is a typed error", .enabled(if: isRoot, "needs root"))
  func interfaceGone() throws {
    let name = "tcpc\(getpid())"
    guard try ip("link", "add", name, "type", "bridge"), try ip("link", "set", name, "up") else {
      return  // A kernel or a container without bridges.
    }
    var live = try LiveCapture(options(name, "ip proto 253"))
    #expect(try live.next() == .idle)
    #expect(try ip("link", "del", name))
    do throws(CaptureError) {
      for _ in 0..<30 { _ = try live.next() }
      Issue.record("no error came")
    } catch {
      guard case .interfaceLost(name, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(try live.next() == .end)
  }

  @Test("what cannot be captured on is told with what to do", .enabled(if: isRoot, "needs root"))
  func refusals() throws {
    do throws(CaptureError) {
      _ = try LiveCapture(options("nosuch0", nil))
      Issue.record("it opened")
    } catch {
      #expect(error.description.hasPrefix("cannot capture on nosuch0: "))
      #expect(error.description.hasSuffix("see what there is: tcpclose interfaces"))
    }
    do throws(CaptureError) {
      _ = try LiveCapture(options("lo", "tcp prot"))
      Issue.record("it opened")
    } catch {
      guard case .invalidFilter("tcp prot", _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test("without rights the error says how to get them", .enabled(if: isRoot, "needs root"))
  func noRights() async {
    await #expect(processExitsWith: .success) {
      _ = try Privileges.drop(to: "65534")
      var options = LiveCaptureOptions()
      options.interface = "lo"
      do throws(CaptureError) {
        _ = try LiveCapture(options)
        Issue.record("it opened")
      } catch {
        #expect(error.description.contains("cap_net_raw"))
      }
    }
  }

  @Test("the interfaces include loopback with its address")
  func interfaces() throws {
    let loopback = try #require(try Interfaces.all().first { $0.isLoopback })
    #expect(loopback.name == "lo" && loopback.isUp)
    #expect(loopback.addresses.contains("127.0.0.1"))
  }

  private func ip(_ arguments: String...) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ip"] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
