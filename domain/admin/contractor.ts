import * as z from 'zod';
import { Contractor } from '../contractor.ts';
import { flag, idFilter, searchQuery } from './list.ts';

export const ContractorRow = z
  .object({
    id: z.int(),
    name: z.string(),
    company: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    residence_id: z.int().nullable().describe('Null: somebody’s own'),
    owner_id: z.int().nullable().describe('Whose own'),
    is_favorite: z.boolean(),
    rating: z.number().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'AdminContractorRow' });

export const ContractorsQuery = searchQuery(['-id', 'id'], {
  residence_id: idFilter(),
  owner_id: idFilter(),
  is_favorite: flag(),
});
export type ContractorsQuery = z.infer<typeof ContractorsQuery>;

export const AdminContractor = Contractor.extend({ owner_id: z.int().nullable() }).meta({ id: 'AdminContractor' });
