//! What a program was granted: the one place that says no.
//!
//! ```text
//! Permissions   what is allowed and what is denied; deny wins                 here
//! NetRule       hosts, ranges, ports, families, local names                    net.rs
//! PathRule      folders and files, found behind links and other names          path.rs
//! ```
//!
//! An embedded engine is granted nothing unless its host says so; the command line grants everything unless it is told not
//! to. Each builtin that reaches out of the engine says in its declaration what it needs (builtins/permit.rs asks here), and
//! asks before it makes any system call. A refusal says what was missing, in the words of the command line's options.

pub mod net;
pub mod path;

use crate::net::Address;
use net::{Names, NetRule};
use path::PathRule;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the network, or one kind of the rest, is used for.
///
/// ```
/// use sockeye::{Access, Engine, Permissions};
/// let granted = Permissions::none().grant(Access::Time).grant(Access::Environment);
/// let mut engine = Engine::builder().permissions(granted).build()?;
/// engine.eval::<()>("(usleep 1) (getenv \"HOME\")")?;
/// assert!(engine.eval::<()>("(getpid)").is_err() && engine.eval::<()>("(system \"true\")").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Access {
    /// To connect to an address, or send datagrams to it.
    Connect,
    /// To take connections on an address.
    Listen,
    /// To have an address of one's own.
    Bind,
    /// To look up the addresses of a host by its name, and back.
    Resolve,
    /// To read files and folders, and know of them.
    Read,
    /// To write, make, remove and rename files.
    Write,
    /// Variables of the environment, by name.
    Environment,
    /// Other processes: to start, wait for and change them, and what changes this one for all its threads.
    Process,
    /// To handle and send signals.
    Signals,
    /// To know the time.
    Time,
    /// To know about the machine: its names, users and interfaces.
    System,
    /// Descriptors by number, and those that come from other processes.
    Descriptors,
}

impl Access {
    pub const ALL: [Access; 12] = [
        Access::Connect,
        Access::Listen,
        Access::Bind,
        Access::Resolve,
        Access::Read,
        Access::Write,
        Access::Environment,
        Access::Process,
        Access::Signals,
        Access::Time,
        Access::System,
        Access::Descriptors,
    ];

    /// As options and messages spell it.
    #[doc(hidden)]
    pub fn word(self) -> &'static str {
        match self {
            Access::Connect => "connect",
            Access::Listen => "listen",
            Access::Bind => "bind",
            Access::Resolve => "resolve",
            Access::Read => "read",
            Access::Write => "write",
            Access::Environment => "env",
            Access::Process => "process",
            Access::Signals => "signals",
            Access::Time => "time",
            Access::System => "system",
            Access::Descriptors => "descriptors",
        }
    }

    /// Whether it is granted for something: a host, a path, a variable.
    #[doc(hidden)]
    pub fn has_object(self) -> bool {
        !matches!(self, Access::Process | Access::Signals | Access::Time | Access::System | Access::Descriptors)
    }
}

/// A permission that was missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub access: Access,
    /// What it was wanted for, as an option of the command line takes it; empty where there is nothing to say.
    pub object: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let word = self.access.word();
        if self.object.is_empty() { write!(f, "{word}") } else { write!(f, "{word}={}", self.object) }
    }
}

/// A rule that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRule(pub String);

impl fmt::Display for BadRule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadRule {}

/// What a program may do. Cheap to copy; made once and not changed while the engine lives.
///
/// ```
/// use sockeye::permission::{Access, Permissions};
/// let some = Permissions::none()
///     .allow(Access::Connect, "example.org:443").unwrap()
///     .allow(Access::Read, "/usr/share").unwrap()
///     .deny(Access::Read, "/usr/share/secret").unwrap();
/// assert!(some.path(Access::Read, "/etc/passwd".as_ref(), true).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Permissions(Arc<Rules>);

#[derive(Clone, Default, Debug)]
struct Rules {
    /// Nothing is denied and everything allowed: nobody need ask.
    free: bool,
    allow: Side,
    deny: Side,
}

/// All that is allowed, or all that is denied.
#[derive(Clone, Default, Debug)]
struct Side {
    /// Whatever the object.
    whole: Vec<Access>,
    nets: Vec<(Access, NetRule)>,
    paths: Vec<(Access, PathRule)>,
    /// Names of variables; a star at the end stands for anything.
    variables: Vec<String>,
}

impl Permissions {
    /// Nothing is allowed.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none()).build()?; // as without it
    /// assert!(engine.eval::<()>("(open-input-file \"/etc/passwd\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn none() -> Permissions {
        Permissions(Arc::default())
    }

    /// Everything is allowed.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::all()).build()?;
    /// assert!(engine.eval::<bool>("(file-exists? \"/\")")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn all() -> Permissions {
        let allow = Side { whole: Access::ALL.to_vec(), ..Side::default() };
        Permissions(Arc::new(Rules { free: true, allow, deny: Side::default() }))
    }

    /// Allows `access` for an object: `HOST:PORT` for the network, a path, a variable's name. An empty one, or a star, stands for
    /// all.
    ///
    /// ```
    /// use sockeye::{Access, Engine, Permissions};
    /// let granted = Permissions::none().allow(Access::Resolve, "localhost")?.allow(Access::Read, "/etc")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// assert!(engine.eval::<bool>("(file-exists? \"/etc/passwd\")")?);
    /// assert!(Permissions::none().allow(Access::Connect, "host:99999").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow(mut self, access: Access, object: &str) -> Result<Permissions, BadRule> {
        Arc::make_mut(&mut self.0).allow.add(access, object)?;
        Ok(self)
    }

    /// Allows all of one kind, such as `Access::Time`, which sleeping needs.
    ///
    /// ```
    /// use sockeye::{Access, Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none().grant(Access::Time)).build()?;
    /// engine.eval::<()>("(usleep 1) (current-time)")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn grant(mut self, access: Access) -> Permissions {
        Arc::make_mut(&mut self.0).allow.whole.push(access);
        self
    }

    /// Denies it, whatever is allowed.
    ///
    /// ```
    /// use sockeye::{Access, Engine, Permissions};
    /// let granted = Permissions::none().allow(Access::Read, "/etc")?.deny(Access::Read, "/etc/passwd")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// assert!(engine.eval::<bool>("(file-exists? \"/etc/hosts\")")?);
    /// assert!(engine.eval::<bool>("(file-exists? \"/etc/passwd\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn deny(mut self, access: Access, object: &str) -> Result<Permissions, BadRule> {
        let rules = Arc::make_mut(&mut self.0);
        rules.free = false;
        rules.deny.add(access, object)?;
        Ok(self)
    }

    /// Allows to look up a host, to connect to it and to send to it: `HOST:PORT`, `10.0.0.0/8`, `[::1]:80`, `*:443`,
    /// `*.example.org`, `unix:/run/server`.
    ///
    /// ```
    /// use sockeye::{Engine, ErrorKind, Permissions};
    /// let granted = Permissions::none().allow_net("127.0.0.1:9")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// engine.eval::<()>("(define s (socket AF_INET SOCK_DGRAM 0)) (connect s AF_INET INADDR_LOOPBACK 9)")?;
    /// let other = engine.eval::<()>("(connect s AF_INET INADDR_LOOPBACK 10)").unwrap_err();
    /// assert_eq!(other.kind(), ErrorKind::Refused);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_net(self, object: &str) -> Result<Permissions, BadRule> {
        let both = self.allow(Access::Connect, object)?;
        both.allow(Access::Resolve, object)
    }

    /// Denies both.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let granted = Permissions::none().allow_net("127.0.0.0/8")?.deny_net("127.0.0.1:9")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// engine.eval::<()>("(define s (socket AF_INET SOCK_DGRAM 0)) (connect s AF_INET INADDR_LOOPBACK 10)")?;
    /// assert!(engine.eval::<()>("(connect s AF_INET INADDR_LOOPBACK 9)").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn deny_net(self, object: &str) -> Result<Permissions, BadRule> {
        let both = self.deny(Access::Connect, object)?;
        both.deny(Access::Resolve, object)
    }

    /// Allows to bind to an address and to take connections there.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let granted = Permissions::none().allow_listen("127.0.0.1:*")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// engine.eval::<()>("(define s (socket AF_INET SOCK_STREAM 0)) (bind s AF_INET INADDR_LOOPBACK 0) (listen s 5)")?;
    /// assert!(engine.eval::<()>("(bind (socket AF_INET SOCK_STREAM 0) AF_INET INADDR_ANY 0)").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_listen(self, object: &str) -> Result<Permissions, BadRule> {
        let both = self.allow(Access::Bind, object)?;
        both.allow(Access::Listen, object)
    }

    /// Denies both.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let granted = Permissions::none().allow_listen("127.0.0.1:*")?.deny_listen("127.0.0.1:80")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// let refused = engine.eval::<()>("(bind (socket AF_INET SOCK_STREAM 0) AF_INET INADDR_LOOPBACK 80)").unwrap_err();
    /// assert_eq!(refused.kind(), sockeye::ErrorKind::Refused);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn deny_listen(self, object: &str) -> Result<Permissions, BadRule> {
        let both = self.deny(Access::Bind, object)?;
        both.deny(Access::Listen, object)
    }

    /// Allows to read a file, or a folder with all that is below it.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none().allow_read("/etc")?).build()?;
    /// assert!(engine.eval::<bool>("(string? (call-with-input-file \"/etc/passwd\" read-line))")?);
    /// assert!(engine.eval::<()>("(open-input-file \"/proc/self/environ\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_read(self, path: &str) -> Result<Permissions, BadRule> {
        self.allow(Access::Read, path)
    }

    /// Allows to write, make, remove and rename there.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().canonicalize()?.display().to_string();
    /// use sockeye::{Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none().allow_write(&path)?).build()?;
    /// engine.define("file", format!("{path}/note"))?;
    /// engine.eval::<()>("(call-with-output-file file (lambda (port) (display \"hello\" port)))")?;
    /// assert_eq!(std::fs::read_to_string(folder.path().join("note"))?, "hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_write(self, path: &str) -> Result<Permissions, BadRule> {
        self.allow(Access::Write, path)
    }

    /// Allows a variable of the environment: `NAME`, or `NAME*` for those that begin so.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none().allow_env("LC_*")?).build()?;
    /// engine.eval::<()>("(getenv \"LC_ALL\")")?;
    /// assert!(engine.eval::<()>("(getenv \"HOME\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_env(self, name: &str) -> Result<Permissions, BadRule> {
        self.allow(Access::Environment, name)
    }

    /// Whether nothing is ever refused.
    #[inline]
    #[doc(hidden)]
    pub fn is_free(&self) -> bool {
        self.0.free
    }

    /// Whether `access` is granted for every object.
    #[doc(hidden)]
    pub fn whole(&self, access: Access) -> bool {
        self.0.free || self.0.allow.whole.contains(&access) && !self.0.deny.mentions(access)
    }

    /// Whether `access` is granted for something.
    #[doc(hidden)]
    pub fn may_have(&self, access: Access) -> bool {
        self.0.free || self.0.allow.mentions(access)
    }

    /// What is not about any object.
    #[doc(hidden)]
    pub fn plain(&self, access: Access) -> Result<(), Refusal> {
        if self.whole(access) { Ok(()) } else { Err(Refusal { access, object: String::new() }) }
    }

    /// Connecting to, binding to or listening on an address. `names` tells which hosts were found to have which addresses.
    #[doc(hidden)]
    pub fn address(&self, access: Access, address: &Address, names: &Names) -> Result<(), Refusal> {
        let Rules { allow, deny, free } = &*self.0;
        if *free {
            return Ok(());
        }
        let target = net::Target::of(address, access);
        let matches = |side: &Side, target: &net::Target| {
            side.whole.contains(&access)
                || side.nets.iter().any(|(of, rule)| *of == access && rule.matches(target, names))
        };
        let denied = matches(deny, &target) || target.behind_gateway().is_some_and(|behind| matches(deny, &behind));
        if matches(allow, &target) && !denied { Ok(()) } else { Err(Refusal { access, object: target.to_string() }) }
    }

    /// Whether some socket of this family could ever be of use.
    #[doc(hidden)]
    pub fn family(&self, family: i32) -> Result<(), Refusal> {
        let Rules { allow, free, .. } = &*self.0;
        let network = [Access::Connect, Access::Listen, Access::Bind];
        let known = net::is_known(family);
        let fits = known
            && (network.iter().any(|access| allow.whole.contains(access))
                || allow.nets.iter().any(|(access, rule)| network.contains(access) && rule.has_family(family)));
        if *free || fits || !known && network.iter().all(|access| self.whole(*access)) {
            return Ok(());
        }
        Err(Refusal { access: Access::Connect, object: net::family_word(family) })
    }

    /// Looking up a host by its name. A number in words is no name.
    #[doc(hidden)]
    pub fn host(&self, name: &str) -> Result<(), Refusal> {
        let Rules { allow, deny, free } = &*self.0;
        let access = Access::Resolve;
        let numeric: Option<IpAddr> = name.parse().ok();
        if *free || numeric.is_some() {
            return Ok(());
        }
        let matches = |side: &Side| {
            side.whole.contains(&access) || side.nets.iter().any(|(of, rule)| *of == access && rule.matches_name(name))
        };
        if matches(allow) && !matches(deny) { Ok(()) } else { Err(Refusal { access, object: name.to_string() }) }
    }

    /// A file: the path to use in place of this one, behind all links. `follow` says whether the call follows a link that the
    /// path itself is.
    #[doc(hidden)]
    pub fn path(&self, access: Access, path: &Path, follow: bool) -> Result<PathBuf, Refusal> {
        let Rules { allow, deny, free } = &*self.0;
        if *free {
            return Ok(path.to_path_buf());
        }
        let refusal = || Refusal { access, object: path.display().to_string() };
        let whole = allow.whole.contains(&access);
        let rules = || allow.paths.iter().filter(|(of, _)| *of == access).map(|(_, rule)| rule);
        if deny.whole.contains(&access) || !whole && rules().next().is_none() {
            return Err(refusal());
        }
        // As it is written, before anything is asked of the system.
        let written = path::written(path).ok_or_else(refusal)?;
        let denied = |at: &Path| deny.paths.iter().any(|(of, rule)| *of == access && rule.forbids(at));
        if !whole && !rules().any(|rule| rule.covers(&written)) || denied(&written) {
            return Err(refusal());
        }
        let real = path::real(path, follow).ok_or_else(refusal)?;
        if !whole && !rules().any(|rule| rule.covers(&real)) || denied(&real) {
            return Err(refusal());
        }
        Ok(real)
    }

    /// The same for what moves all that is below a path, too.
    #[doc(hidden)]
    pub fn tree(&self, access: Access, path: &Path) -> Result<PathBuf, Refusal> {
        let real = self.path(access, path, false)?;
        let holds = |(_, rule): &(Access, PathRule)| rule.is_below(&real);
        if !self.0.free && self.0.deny.paths.iter().any(holds) {
            return Err(Refusal { access, object: path.display().to_string() });
        }
        Ok(real)
    }

    /// A variable of the environment.
    #[doc(hidden)]
    pub fn variable(&self, name: &str) -> Result<(), Refusal> {
        let Rules { allow, deny, free } = &*self.0;
        let access = Access::Environment;
        let matches = |side: &Side| {
            let fits = |known: &String| match known.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => known == name,
            };
            side.whole.contains(&access) || side.variables.iter().any(fits)
        };
        if *free || matches(allow) && !matches(deny) {
            return Ok(());
        }
        Err(Refusal { access, object: name.to_string() })
    }
}

impl Side {
    fn add(&mut self, access: Access, object: &str) -> Result<(), BadRule> {
        if object.is_empty() || object == "*" || !access.has_object() {
            if !access.has_object() && !object.is_empty() && object != "*" {
                return Err(BadRule(format!("{} is granted as a whole, not for {object}", access.word())));
            }
            self.whole.push(access);
            return Ok(());
        }
        match access {
            Access::Read | Access::Write => self.paths.push((access, PathRule::new(Path::new(object))?)),
            Access::Environment => self.variables.push(object.to_string()),
            _ => self.nets.push((access, NetRule::parse(object)?)),
        }
        Ok(())
    }

    /// Whether anything is said of it.
    fn mentions(&self, access: Access) -> bool {
        self.whole.contains(&access)
            || self.nets.iter().any(|(of, _)| *of == access)
            || self.paths.iter().any(|(of, _)| *of == access)
            || access == Access::Environment && !self.variables.is_empty()
    }
}

#[cfg(test)]
mod tests;
