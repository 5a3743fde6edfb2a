//! Programs to begin with: `,example NAME` shows one and runs it.

pub struct Example {
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! examples {
    ($($name:literal)*) => {
        pub const EXAMPLES: &[Example] = &[$(Example {
            name: $name,
            text: include_str!(concat!("../../examples/prompt/", $name, ".scm")),
        },)*];
    };
}

examples! { "echo-server" "echo-client" "udp-echo" "time-limit" }

pub fn find(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}

impl Example {
    /// What it is, from its first line.
    pub fn summary(&self) -> &'static str {
        self.text.lines().next().unwrap_or("").trim_start_matches(';').trim()
    }
}

/// The expressions that a doc text shows with their values: `(car '(1 2))  => 1`.
pub fn expressions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter(|line| line.starts_with("    ")).filter_map(|line| {
        let (expression, value) = line.split_once("  => ")?;
        Some((expression.trim(), value.trim()))
    })
}
