//! The `sockeye` program: hands its arguments to the command line.

fn main() -> std::process::ExitCode {
    sockeye::cli::main(std::env::args_os().skip(1))
}
