// A process of its own: prepares the picture that comes in, of the type that its argument names.
import sharp, { type Sharp } from 'sharp';
import { FileType, isImage, kindOf } from '../../domain/file-type.ts';
import { SIDES } from '../../domain/file-work.ts';
import { checkDimensions, PIXELS_MAX, stripLocation } from '../../domain/image-metadata.ts';
import { answerWith, decoding, type Part } from './child.ts';
import { decodedHeif } from './heif.ts';

const QUALITY = 80;
/** What shows behind a picture that lets something through. */
const BACKGROUND = '#ffffff';

sharp.concurrency(1);
sharp.cache(false);

await answerWith(async (original) => {
  const type = FileType.parse(process.argv[2]);
  if (!isImage(type)) throw new Error(`${type} is no picture.`);
  checkDimensions(original, type);
  const picture = stripLocation(original, type);
  const medium = await decoding(async () => {
    const source = kindOf(type) === 'heif' ? await decodedHeif(picture) : upright(picture);
    return await smaller(source, 'medium');
  });
  const thumbnail = await smaller(sharp(medium.bytes), 'thumbnail');
  return [{ name: 'picture', bytes: picture }, medium, thumbnail];
});

/** What is broken off is shown as far as it goes. */
function upright(picture: Uint8Array): Sharp {
  return sharp(picture, { limitInputPixels: PIXELS_MAX, failOn: 'none' }).autoOrient();
}

/** Without anything but the picture, in the colours of screens. */
async function smaller(source: Sharp, kind: keyof typeof SIDES): Promise<Part> {
  const { data, info } = await source
    .resize({ width: SIDES[kind], height: SIDES[kind], fit: 'inside', withoutEnlargement: true })
    .flatten({ background: BACKGROUND })
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true });
  return { name: kind, bytes: data, width: info.width, height: info.height };
}
