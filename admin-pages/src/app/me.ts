import { api } from '../api/client';

/** Who is signed in; nobody until it is known. */
export const useMe = () => api.useQuery('get', '/api/admin/me/', {}, { staleTime: 60_000 }).data;

/** Support reads and writes nothing. The API decides; here it only says which buttons are shown. */
export const useMayWrite = (): boolean => useMe()?.admin.role === 'admin';
