//! What an image shows: how large it is, and a smaller one of it. It takes a processor and no I/O.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::MediaError;

/// What a good camera makes. A file of a few kilobytes can claim a million times that.
const MOST_PIXELS: u64 = 50_000_000;
/// What a decoder may ask for: those pixels with four bytes each, and then some.
const MOST_MEMORY: u64 = 256 << 20;
/// Pixels of the longer side of a thumbnail: a bubble in a chat, on a screen with two pixels for one.
const THUMBNAIL: u32 = 480;
/// Nobody sees the difference at this size.
const QUALITY: u8 = 80;

/// What was found.
#[derive(Debug)]
pub struct Picture {
    /// In pixels, as shown.
    pub width: u32,
    pub height: u32,
    /// None if it is small enough itself.
    pub thumbnail: Option<Smaller>,
}

/// A smaller picture.
#[derive(Debug)]
pub struct Smaller {
    pub bytes: Bytes,
    pub mime_type: &'static str,
    pub width: u32,
    pub height: u32,
}

/// The format of images that can be read.
pub fn format(mime_type: &str) -> Option<ImageFormat> {
    match mime_type {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Reads an image; of one that moves, its first picture.
pub fn look(bytes: &[u8], format: ImageFormat) -> Result<Picture, MediaError> {
    let unreadable = |error: image::ImageError| MediaError::Unreadable(error.to_string());
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(MediaError::TooManyPixels);
    }
    // A camera that was held upright says so, and leaves the turning to others.
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    let thumbnail = (picture.width().max(picture.height()) > THUMBNAIL)
        .then(|| smaller(&picture).map_err(unreadable))
        .transpose()?;
    Ok(Picture {
        width: picture.width(),
        height: picture.height(),
        thumbnail,
    })
}

fn smaller(picture: &DynamicImage) -> Result<Smaller, image::ImageError> {
    let small = picture.thumbnail(THUMBNAIL, THUMBNAIL);
    let mut bytes = Cursor::new(Vec::new());
    // What shines through needs a format that knows of it.
    let mime_type = if small.color().has_alpha() {
        DynamicImage::from(small.to_rgba8()).write_to(&mut bytes, ImageFormat::Png)?;
        "image/png"
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        small.to_rgb8().write_with_encoder(encoder)?;
        "image/jpeg"
    };
    Ok(Smaller {
        bytes: bytes.into_inner().into(),
        mime_type,
        width: small.width(),
        height: small.height(),
    })
}

#[cfg(test)]
mod tests;
