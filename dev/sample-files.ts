import sharp from 'sharp';

type Shot = {
  width?: number;
  height?: number;
  /** What is in its upper left quarter, as it is stored; the rest is `to`. */
  from?: string;
  to?: string;
  /** As Exif says how to turn it: 6 is a phone that was held upright. */
  orientation?: number;
  place?: { latitude: number; longitude: number };
  format?: 'jpeg' | 'png' | 'webp';
};

/** A photo as a phone makes it, with where and how it was taken. */
export async function samplePhoto(shot: Shot = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { width = 1600, height = 1200, from = '#d9812e', to = '#3d5a45', format = 'jpeg' } = shot;
  const { orientation = 1, place = { latitude: 30.267, longitude: -97.743 } } = shot;
  const quarter = {
    width: Math.ceil(width / 2),
    height: Math.ceil(height / 2),
    channels: 3,
    background: from,
  } as const;
  const picture = sharp({ create: { width, height, channels: 3, background: to } })
    .composite([{ input: { create: quarter }, gravity: 'northwest' }])
    .withExif({
      IFD0: { Make: 'Honey', Model: 'Bee', Orientation: String(orientation), DateTime: '2026:03:01 08:00:00' },
      IFD3: {
        GPSLatitudeRef: place.latitude < 0 ? 'S' : 'N',
        GPSLatitude: degrees(place.latitude),
        GPSLongitudeRef: place.longitude < 0 ? 'W' : 'E',
        GPSLongitude: degrees(place.longitude),
      },
    });
  return new Uint8Array(await picture[format]().withMetadata({ orientation }).toBuffer());
}

const degrees = (angle: number): string => `${Math.round(Math.abs(angle) * 1000)}/1000 0/1 0/1`;

/** A PDF of these pages, each of lines in Latin letters. */
export function samplePdf(pages: string[][], trailer = ''): Uint8Array<ArrayBuffer> {
  const contents = pages.map((lines) => {
    const shown = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
    return `BT /F1 11 Tf 15 TL 56 760 Td\n${shown}\nET`;
  });
  return pdfOf(
    contents.map((content) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`),
    trailer,
  );
}

/** A PDF with a page for each of these streams. */
export function pdfOf(streams: string[], trailer = ''): Uint8Array<ArrayBuffer> {
  const numberOf = (page: number) => 4 + 2 * page;
  const kids = streams.map((_, page) => `${numberOf(page)} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${streams.length} /Kids [${kids}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...streams.flatMap((stream, page) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${numberOf(page) + 1} 0 R >>`,
      stream,
    ]),
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const rest = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer}>>\nstartxref\n${text.length}\n%%EOF\n`;
  return Uint8Array.from(text + rest, (letter) => letter.charCodeAt(0));
}
