import { readFileSync } from 'node:fs';
import ExifReader from 'exifreader';
import libheif from 'libheif-js/wasm-bundle.js';
import sharp from 'sharp';

export type Place = { latitude: number; longitude: number };
export type Format = 'jpeg' | 'png' | 'webp';
export const TAKEN = '2026:03:01 08:00:00';

type Told = Place & { orientation: number };

/** A photo with its place in Exif and XMP, as cameras and their programs write it. */
export async function photo(format: Format, raw: Picture, told: Told, options = {}): Promise<Uint8Array> {
  const { width, height, pixels } = raw;
  const { latitude, longitude, orientation } = told;
  const exif = {
    IFD0: { Make: 'Honey', Model: 'Bee', DateTime: TAKEN, ImageDescription: described(told) },
    IFD2: { DateTimeOriginal: TAKEN, UserComment: described(told) },
    IFD3: {
      GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
      GPSLatitude: degrees(latitude),
      GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
      GPSLongitude: degrees(longitude),
    },
  };
  const image = sharp(pixels, { raw: { width, height, channels: 3 } }).withMetadata({ orientation, exif });
  return await image.withXmp(xmp(told))[format](options).toBuffer();
}

export type Picture = { width: number; height: number; pixels: Uint8Array };

/** The pixels as a viewer decodes them, before they are turned. */
export async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  // Junk between segments is worth a warning to it.
  return await sharp(bytes, { failOn: 'error' }).raw().toBuffer();
}

/** A real HEIC photo with its place in Exif and XMP. sharp has no decoder for it. */
export const heic = (): Uint8Array => readFileSync(new URL('./home.heic', import.meta.url));

export async function pixelsOfHeic(bytes: Uint8Array): Promise<Buffer> {
  const [image] = new libheif.HeifDecoder().decode(bytes);
  if (!image) throw new Error('libheif finds no picture.');
  const [width, height] = [image.get_width(), image.get_height()];
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
  await new Promise<void>((resolve, reject) => {
    image.display(target, (done) => (done ? resolve() : reject(new Error('libheif cannot decode it.'))));
  });
  return Buffer.from(target.data);
}

/** What can be read of where and when, by a reader that is not ours. */
export function toldBy(bytes: Uint8Array) {
  const { exif, gps, xmp, iptc } = ExifReader.load(Buffer.from(bytes), { expanded: true });
  return {
    place: gps,
    hasMore: Object.keys({ ...xmp, ...iptc }).length > 0,
    orientation: exif?.Orientation?.value,
    taken: exif?.DateTimeOriginal?.description,
    make: exif?.Make?.description,
  };
}

/** Hidden in places that no reader of coordinates looks into. */
export const described = ({ latitude, longitude }: Place): string => `at ${latitude}/${longitude}`;

const degrees = (angle: number): string => `${Math.round(Math.abs(angle) * 1000)}/1000 0/1 0/1`;

const xmp = (place: Place): string => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
  xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="30,16.03N" exif:GPSLongitude="97,44.05W"
  exif:UserComment="${described(place)}"/></rdf:RDF></x:xmpmeta>`;
