use std::io::Cursor;

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage, RgbaImage};

use super::look;
use crate::media::MediaError;

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    let half = |x: u32| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    };
    RgbImage::from_fn(width, height, |x, _| half(x)).into()
}

/// A JPEG that says it has to be turned by a quarter to the right, as upright telephones do.
fn upright(picture: &DynamicImage) -> Vec<u8> {
    let jpeg = written(picture, ImageFormat::Jpeg);
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat()
}

#[test]
fn a_large_image_gets_a_thumbnail_of_the_same_shape() {
    for (format, bytes) in [
        (
            ImageFormat::Png,
            written(&halves(1_200, 600), ImageFormat::Png),
        ),
        (
            ImageFormat::Jpeg,
            written(&halves(1_200, 600), ImageFormat::Jpeg),
        ),
        (
            ImageFormat::Gif,
            written(&halves(1_200, 600).to_rgba8().into(), ImageFormat::Gif),
        ),
        (
            ImageFormat::WebP,
            written(&halves(1_200, 600), ImageFormat::WebP),
        ),
    ] {
        let found = look(&bytes, format).unwrap();
        assert_eq!((found.width, found.height), (1_200, 600), "{format:?}");
        let thumbnail = found.thumbnail.unwrap();
        assert_eq!(
            (thumbnail.width, thumbnail.height),
            (480, 240),
            "{format:?}"
        );
        let read = image::load_from_memory(&thumbnail.bytes).unwrap();
        assert_eq!(read.dimensions(), (480, 240), "{format:?}");
    }
}

#[test]
fn a_small_image_is_its_own_thumbnail() {
    let found = look(
        &written(&halves(480, 20), ImageFormat::Png),
        ImageFormat::Png,
    )
    .unwrap();
    assert!(found.thumbnail.is_none());
}

#[test]
fn an_image_is_as_large_as_it_is_shown_and_its_thumbnail_is_turned() {
    let found = look(&upright(&halves(1_000, 600)), ImageFormat::Jpeg).unwrap();
    assert_eq!((found.width, found.height), (600, 1_000));
    let thumbnail = image::load_from_memory(&found.thumbnail.unwrap().bytes).unwrap();
    assert_eq!(thumbnail.dimensions(), (288, 480));
    let [red, _, blue, _] = thumbnail.get_pixel(144, 20).0;
    assert!(red > 200 && blue < 50, "the left is on top: {red} {blue}");
}

#[test]
fn what_shines_through_does_so_in_the_thumbnail() {
    let glass = DynamicImage::from(RgbaImage::new(600, 600));
    let found = look(&written(&glass, ImageFormat::Png), ImageFormat::Png).unwrap();
    let thumbnail = found.thumbnail.unwrap();
    assert_eq!(thumbnail.mime_type, "image/png");
    let read = image::load_from_memory(&thumbnail.bytes).unwrap();
    assert_eq!(read.get_pixel(5, 5).0[3], 0);
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_refused_before_it_is_read() {
    // A black PNG of one pixel, whose header says 60,000 by 60,000.
    let mut bytes = written(&DynamicImage::new_luma8(1, 1), ImageFormat::Png);
    bytes[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    let outcome = look(&bytes, ImageFormat::Png);
    assert!(
        matches!(outcome, Err(MediaError::TooManyPixels)),
        "{outcome:?}"
    );
}

#[test]
fn what_is_cut_off_or_no_image_is_unreadable() {
    let whole = written(&halves(600, 600), ImageFormat::Png);
    for bytes in [
        &whole[..whole.len() / 2],
        &b"\x89PNG\r\n\x1a\nnothing of the kind"[..],
    ] {
        let outcome = look(bytes, ImageFormat::Png);
        assert!(
            matches!(outcome, Err(MediaError::Unreadable(_))),
            "{outcome:?}"
        );
    }
}

/// The checksum of a chunk of a PNG.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}
