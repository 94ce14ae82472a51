import libheif from 'libheif-js/wasm-bundle.js';
import sharp, { type Sharp } from 'sharp';
import { FileFault } from '../../domain/file-fault.ts';

/** Of a phone's largest HEIC; each costs ten bytes while it is decoded. */
const PIXELS_MAX = 50_000_000;

/** A HEIC, upright as libheif decodes it. sharp comes without what that takes. */
export async function decodedHeif(bytes: Uint8Array): Promise<Sharp> {
  const images = new libheif.HeifDecoder().decode(bytes);
  const image = images.find((one) => one.is_primary()) ?? images[0];
  if (!image) throw new FileFault('file_damaged', 'There is no picture in it.');
  const [width, height] = [image.get_width(), image.get_height()];
  if (width * height > PIXELS_MAX) throw new FileFault('image_too_large', `It is ${width} × ${height}.`);
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
  await new Promise<void>((resolve, reject) => {
    image.display(target, (done) =>
      done ? resolve() : reject(new FileFault('file_damaged', 'libheif cannot decode it.')),
    );
  });
  return sharp(target.data, { raw: { width, height, channels: 4 } });
}
