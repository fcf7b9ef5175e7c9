import Glibc
import PacketCapture
import Testing

/// Each in a process of its own: what is dropped is dropped for good.
@Suite("Privileges", .enabled(if: geteuid() == 0, "needs root"))
struct PrivilegesTests {
  @Test("root becomes nobody, and cannot come back")
  func dropsForGood() async {
    await #expect(processExitsWith: .success) { Self.expectNobody(sudo: nil) }
  }

  @Test("who called sudo is who it becomes")
  func sudo() async {
    await #expect(processExitsWith: .success) {
      Self.setSudo(user: "54321", group: "54322")
      #expect(Self.drop(to: nil) == .success(.dropped(to: "54321")))
      #expect(getuid() == 54_321 && getgid() == 54_322)
    }
  }

  @Test("root that used sudo becomes nobody")
  func rootBySudo() async {
    await #expect(processExitsWith: .success) { Self.expectNobody(sudo: "0") }
  }

  static let refused: [(user: String, reason: String)] = [
    ("no such user", "there is no such user"), ("-1", "there is no such user"),
    ("4294967295", "there is no such user"), ("root", "that is root: name another user"),
    ("0", "that is root: name another user"),
  ]

  @Test("an unknown user, and root, are refused, and nothing has changed", arguments: refused)
  func refusals(user: String, reason: String) {
    // In this process: if it did change anything, that had better be seen.
    let outcome = Self.drop(to: user)
    let name = user == "0" ? "root" : user
    #expect(outcome == .failure(.cannotDropPrivileges(user: name, reason: reason)))
    #expect(getuid() == 0 && geteuid() == 0)
  }

  private static func expectNobody(sudo: String?) {
    setSudo(user: sudo, group: nil)
    #expect(drop(to: nil) == .success(.dropped(to: "nobody")))
    #expect(getuid() != 0 && geteuid() != 0 && getgid() != 0 && getegid() != 0)
    let groups = getgroups(0, nil)
    #expect(groups == 1)
    #expect(setuid(0) == -1 && seteuid(0) == -1 && setgid(0) == -1)
    let descriptor = unsafe open("/etc/shadow", O_RDONLY)
    #expect(descriptor == -1)
    #expect(drop(to: nil) == .success(.notRoot))
  }

  private static func drop(to user: String?) -> Result<Privileges.Outcome, CaptureError> {
    Result { () throws(CaptureError) in try Privileges.drop(to: user) }
  }

  private static func setSudo(user: String?, group: String?) {
    for (name, value) in [("SUDO_UID", user), ("SUDO_GID", group)] {
      if let value {
        unsafe setenv(name, value, 1)
      } else {
        unsafe unsetenv(name)
      }
    }
  }
}
