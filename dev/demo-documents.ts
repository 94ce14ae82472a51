import { addInterval, civilDate } from '../domain/dates.ts';
import type { DocumentType } from '../domain/document.ts';
import { samplePdf, samplePhoto } from './sample-files.ts';

type Demo = {
  title: string;
  document_type: DocumentType;
  filename: string;
  lines?: string[];
  /** In days from today. */
  ends_on?: number;
  more?: Record<string, string | string[]>;
};

const DEMO_DOCUMENTS: Demo[] = [
  {
    title: 'Furnace warranty',
    document_type: 'warranty',
    filename: 'furnace-warranty.pdf',
    lines: [
      'Limited warranty',
      'Gas furnace GF-9000, serial 88-1204',
      'Parts for ten years, heat exchanger for twenty.',
    ],
    ends_on: 21,
    more: { item_name: 'Gas furnace', model_number: 'GF-9000', serial_number: '88-1204', provider: 'Northern Heating' },
  },
  {
    title: 'Dishwasher warranty',
    document_type: 'warranty',
    filename: 'dishwasher.pdf',
    lines: ['Warranty card', 'Dishwasher DW-42', 'Two years on all parts.'],
    ends_on: 400,
    more: { item_name: 'Dishwasher', model_number: 'DW-42', provider: 'Kitchen & Co.' },
  },
  {
    title: 'Water heater manual',
    document_type: 'manual',
    filename: 'water-heater-manual.pdf',
    lines: ['Manual for the owner', 'Flush the tank once a year.', 'Check the anode rod every three years.'],
    more: { tags: ['water', 'basement'] },
  },
  {
    title: 'Roof inspection 2025',
    document_type: 'inspection',
    filename: 'roof-inspection.pdf',
    lines: ['Inspection report', 'Shingles in good shape; flashing at the chimney to be sealed.'],
  },
  { title: 'Where the water is turned off', document_type: 'photo', filename: 'main-valve.jpg' },
];

/** Puts papers of the family into storage, by the way that its phones take. */
export async function addDocuments(api: string, { token, residence_id }: { token: string; residence_id: number }) {
  const headers = { authorization: `Token ${token}` };
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const today = civilDate(new Date().toISOString(), timeZone);
  for (const { title, document_type, filename, lines, ends_on, more } of DEMO_DOCUMENTS) {
    const form = new FormData();
    form.set('document_type', document_type);
    form.set('residence_id', String(residence_id));
    form.set('title', title);
    const [bytes, type] = lines ? [samplePdf([lines]), 'application/pdf'] : [await samplePhoto(), 'image/jpeg'];
    form.set('file', new Blob([bytes], { type }), filename);
    const { id } = await ask(`${api}/api/documents/upload/`, { method: 'POST', headers, body: form });
    const warranty = ends_on !== undefined && { ends_on: addInterval(today, ends_on, 'day') };
    if (!warranty && !more) continue;
    await ask(`${api}/api/documents/${id}/`, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ ...more, ...warranty }),
    });
  }
}

async function ask(url: string, init: RequestInit): Promise<{ id: number }> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: number };
}
