import type { Client } from 'pg';
import { STATIC_DATA } from '../domain/static-data.ts';
import { idOf, insert } from './demo-row.ts';

type Demo = {
  name: string;
  company?: string;
  phone: string;
  email?: string;
  website?: string;
  notes?: string;
  city?: string;
  rating?: number;
  is_favorite?: boolean;
  specialties: string[];
  /** Of which tasks of the home they are the contractor, by category. */
  category?: string;
  /** Absent: the demo's own. */
  home?: 'house' | 'cabin';
};

/** Whom the family calls. Those of a home are given its tasks of their category. */
export async function addContractors(
  client: Client,
  homes: { house: number; cabin: number },
  demo: number,
): Promise<void> {
  for (const { specialties, category, home, ...contractor } of DEMO_CONTRACTORS) {
    const residence_id = home ? homes[home] : null;
    const owner_id = home ? null : demo;
    const row = { ...contractor, residence_id, owner_id, created_by_id: demo };
    const contractor_id = await insert(client, 'task_contractor', row);
    for (const name of specialties) {
      await client.query('insert into task_contractor_specialties (contractor_id, specialty_id) values ($1, $2)', [
        contractor_id,
        idOf(STATIC_DATA.contractor_specialties, name),
      ]);
    }
    if (category) {
      await client.query('update task_task set contractor_id = $1 where residence_id = $2 and category_id = $3', [
        contractor_id,
        residence_id,
        idOf(STATIC_DATA.task_categories, category),
      ]);
    }
  }
}

/** For the house, for the cabin, and one whom nobody else sees. */
const DEMO_CONTRACTORS: Demo[] = [
  {
    name: 'Ada Pipes',
    company: 'Pipes & Daughters',
    phone: '+1 608 555 0116',
    email: 'ada@pipes.example',
    website: 'https://pipes.example',
    city: 'Madison',
    rating: 4.8,
    is_favorite: true,
    specialties: ['Plumber'],
    category: 'Plumbing',
    home: 'house',
  },
  {
    name: 'Warm Front Heating',
    phone: '+1 608 555 0143',
    email: 'service@warmfront.example',
    notes: 'Has the furnace’s papers. Ask for Lou.',
    city: 'Madison',
    rating: 4.5,
    specialties: ['HVAC Technician', 'Inspector'],
    category: 'HVAC',
    home: 'house',
  },
  {
    name: 'Olga Watts',
    phone: '+1 608 555 0187',
    city: 'Madison',
    rating: 4,
    specialties: ['Electrician'],
    category: 'Electrical',
    home: 'house',
  },
  {
    name: 'Northwoods Roofing',
    phone: '+1 715 555 0121',
    website: 'https://northwoods.example',
    city: 'Minocqua',
    is_favorite: true,
    specialties: ['Roofer', 'Carpenter'],
    category: 'Gutters and Roof',
    home: 'cabin',
  },
  {
    name: 'Pat the handyman',
    phone: '+1 608 555 0162',
    notes: 'Cash, weekends.',
    specialties: ['Handyman', 'Painter'],
  },
];
