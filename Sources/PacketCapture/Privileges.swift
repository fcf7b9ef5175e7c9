internal import Glibc

/// Root's rights, which a capture needs to open its device and nothing needs afterwards.
package enum Privileges {
  /// What came of giving them up.
  package enum Outcome: Equatable, Sendable {
    /// The process now is this user, for good.
    case dropped(to: String)
    /// It was not root in the first place.
    case notRoot
  }

  private struct Account {
    var name: String
    var user: uid_t
    var group: gid_t
  }

  /// Becomes an ordinary user for good, in all threads.
  ///
  /// That is `user` (a name or a number), else who called sudo (`SUDO_UID`, `SUDO_GID`), else
  /// `nobody`. Supplementary groups go too. Throws `cannotDropPrivileges` if there is no such
  /// user, if that user is root, or if root could still be regained.
  package static func drop(to user: String?) throws(CaptureError) -> Outcome {
    guard geteuid() == 0 || getuid() == 0 else { return .notRoot }
    let account = try account(for: user)
    guard account.user != 0 else {
      throw .cannotDropPrivileges(user: account.name, reason: "that is root: name another user")
    }
    var group = account.group
    // Groups first: only root may change them. With root as the effective user these two set the
    // saved numbers too, which is what makes it final.
    guard seteuid(0) == 0, unsafe setgroups(1, &group) == 0,
      setgid(account.group) == 0, setuid(account.user) == 0
    else {
      throw .cannotDropPrivileges(user: account.name, reason: SystemError.text(errno))
    }
    try verify(account)
    return .dropped(to: account.name)
  }

  /// Tries to be root again, which must fail.
  private static func verify(_ account: Account) throws(CaptureError) {
    let isBack = setuid(0) == 0 || seteuid(0) == 0 || (account.group != 0 && setegid(0) == 0)
    guard !isBack, getuid() == account.user, geteuid() == account.user,
      getgid() == account.group, getegid() == account.group
    else {
      throw .cannotDropPrivileges(user: account.name, reason: "root could be regained")
    }
  }

  private static func account(for user: String?) throws(CaptureError) -> Account {
    if let user {
      guard let account = named(user) ?? numbered(user) else {
        throw .cannotDropPrivileges(user: user, reason: "there is no such user")
      }
      return account
    }
    // Root that used sudo is root still.
    if let caller = environment("SUDO_UID").flatMap(numbered), caller.user != 0 {
      return caller
    }
    // A container without a user database still knows the number, by convention.
    return named("nobody") ?? Account(name: "nobody", user: 65_534, group: 65_534)
  }

  /// The account of a user's number; its group is SUDO_GID where the system does not know it.
  private static func numbered(_ number: String) -> Account? {
    guard let user = uid_t(number), user != uid_t.max else { return nil }
    if let entry = unsafe getpwuid(user) { return unsafe account(entry.pointee) }
    let group = environment("SUDO_GID").flatMap(gid_t.init) ?? gid_t(user)
    return Account(name: number, user: user, group: group)
  }

  private static func named(_ name: String) -> Account? {
    guard let entry = unsafe getpwnam(name) else { return nil }
    return unsafe account(entry.pointee)
  }

  private static func account(_ entry: passwd) -> Account {
    unsafe Account(
      name: String(cString: entry.pw_name), user: entry.pw_uid, group: entry.pw_gid)
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
