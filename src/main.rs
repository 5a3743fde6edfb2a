//! The `sockeye` program: hands its arguments to the command line.

#[global_allocator]
static ALLOCATOR: sockeye::cli::allocator::Allocator = sockeye::cli::allocator::Allocator;

fn main() -> std::process::ExitCode {
    sockeye::cli::main(std::env::args_os().skip(1))
}
