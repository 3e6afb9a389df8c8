//! Subcommands, one file each.

automod::dir!(pub "src/cli/commands");
