//! The file that every copied text is also kept in: private, whole or not there at all, and named so that no text from a
//! cluster can make it land anywhere else.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Names are cut here; every file system takes 255 bytes.
const MAX_NAME: usize = 180;

/// Writes a text to `<folder>/<parts joined by _>.yaml` with mode 0600. The folder is made with mode 0700, and closed to
/// others when it was open.
pub fn keep(folder: &Path, parts: &[&str], text: &str) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    let name = safe_name(parts);
    let path = folder.join(format!("{name}.yaml"));
    let draft = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_new(&draft, text).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.map(|()| path)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file: File = match options.open(path) {
        // Left behind by a process with our number that was killed.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)?
        }
        opened => opened?,
    };
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A file name from any texts. Letters, digits, `.` and `-` stay; whatever had to change or was cut is told apart by a
/// hash of the original. `_` joins the parts: names in Kubernetes do not have it, so two objects never share a file.
fn safe_name(parts: &[&str]) -> String {
    let mut name = String::new();
    let mut changed = parts.is_empty();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            name.push('_');
        }
        for c in part.chars() {
            let first = name.is_empty();
            let stays = c.is_ascii_alphanumeric() || (matches!(c, '.' | '-') && !first);
            changed |= !stays;
            name.push(if stays { c } else { '_' });
        }
        changed |= part.is_empty();
    }
    changed |= name.len() > MAX_NAME;
    name.truncate(MAX_NAME);
    if changed {
        let _ = write!(name, "_{:016x}", hash(parts));
    }
    name
}

/// FNV-1a, 64 bits, over the parts and where they end.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_file_is_private_and_so_is_its_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state/fixes");
        let path = keep(&folder, &["host-port", "shop", "cart"], "kind: Pod\n").unwrap();
        assert_eq!(path, folder.join("host-port_shop_cart.yaml"));
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        assert_eq!(fs::read_to_string(&path).unwrap(), "kind: Pod\n");
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        keep(&folder, &["host-port", "shop", "cart"], "second\n").unwrap();
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1,
            "no draft stays behind"
        );
    }

    #[test]
    fn a_link_in_its_place_is_replaced_and_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let victim = home.path().join("victim");
        fs::write(&victim, "keep me").unwrap();
        let folder = home.path().join("fixes");
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&victim, folder.join("a.yaml")).unwrap();
        let path = keep(&folder, &["a"], "new").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "keep me");
        assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_and_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(keep(&file.join("fixes"), &["a"], "x").is_err());
        let folder = home.path().join("fixes");
        fs::create_dir_all(folder.join("a.yaml")).unwrap();
        assert!(keep(&folder, &["a"], "x").is_err());
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1,
            "the draft is gone"
        );
    }

    #[test]
    fn hostile_names_stay_in_the_folder() {
        for name in [
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            ".",
            "",
            "-rf",
            ".hidden",
            "a\nb",
            "\u{1b}[31m",
            "a\0b",
            "\u{202e}txt",
        ] {
            let safe = safe_name(&[name]);
            assert!(
                safe.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)),
                "{safe}"
            );
            assert!(
                !safe.starts_with(['.', '-']) && safe.contains('_'),
                "{safe}"
            );
        }
        assert_eq!(
            safe_name(&["system:node", "x"]).len(),
            "system_node_x_".len() + 16
        );
    }

    proptest! {
        #[test]
        fn any_two_objects_have_two_files(a in prop::collection::vec("[a-zA-Z0-9.:_/-]{0,80}|\\PC{0,80}", 0..4), b in prop::collection::vec("[a-c_-]{0,3}", 0..4)) {
            let name = |parts: &[String]| safe_name(&parts.iter().map(String::as_str).collect::<Vec<_>>());
            let (one, two) = (name(&a), name(&b));
            prop_assert!(one.len() <= MAX_NAME + 17 && one.is_ascii());
            prop_assert_eq!(a == b, one == two, "{} {}", one, two);
        }

        #[test]
        fn small_names_do_not_meet(a in prop::collection::vec("[ab_-]{0,2}", 0..3), b in prop::collection::vec("[ab_-]{0,2}", 0..3)) {
            let name = |parts: &[String]| safe_name(&parts.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(a == b, name(&a) == name(&b), "{:?} {:?}", a, b);
        }
    }
}
