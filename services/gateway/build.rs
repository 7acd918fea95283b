//! Takes Swagger UI's script and style out of the archive in which a crate brings them, so that they
//! become part of the binary. Nothing is downloaded, and nothing is compressed anew: what the archive
//! holds is what gzip holds, but for the frame.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "cargo and a build script talk so"
)]

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::{env, error, fs};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::{CompressionMethod, ZipArchive};

const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];
/// gzip, deflated, no name, no time, made on nothing in particular (RFC 1952).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR")?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in FILES {
        let suffix = format!("/dist/{name}");
        let names = archive.file_names().collect::<Result<Vec<_>, _>>()?;
        let index = names.iter().position(|path| path.ends_with(&suffix));
        let mut file = archive.by_index_raw(index.ok_or(suffix)?)?;
        if file.compression() != CompressionMethod::DEFLATE {
            return Err(format!("{name} is not deflated").into());
        }
        let mut packed = HEADER.to_vec();
        file.read_to_end(&mut packed)?;
        packed.extend(file.crc32().to_le_bytes());
        packed.extend(u32::try_from(file.size())?.to_le_bytes());
        fs::write(Path::new(&out).join(format!("{name}.gz")), packed)?;
    }
    Ok(())
}
